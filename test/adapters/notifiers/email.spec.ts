import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEmail } from '../../../src/adapters/notifiers/email.ts';
import { CALM, MESSAGE, undelivered } from './message.ts';
import { takeMail } from './smtp.ts';

const FROM = 'Sagalog <sagalog@example.org>';
const TO = ['ops@example.org', 'duty@example.org'];

const send = (url: string, message = MESSAGE, signal = CALM) =>
  createEmail({ url, from: FROM }).send(TO, message, signal);

const refusing = (code: number) => Object.assign(new Error('because of hush'), { responseCode: code });

describe('e-mail', () => {
  it('is taken by a server for all addresses, and says which notification it is', async () => {
    const smtp = await takeMail();
    await send(smtp.url);
    const [mail] = smtp.mails;
    expect(smtp.mails).toHaveLength(1);
    expect(mail).toMatchObject({ from: 'sagalog@example.org', to: TO });
    const source = mail?.source ?? '';
    expect(source).toContain(`Message-ID: <${MESSAGE.id}@sagalog>`);
    expect(source).toContain(`X-Sagalog-Notification: ${MESSAGE.id}`);
    expect(source).toContain('Auto-Submitted: auto-generated');
    expect(source).toContain(`Subject: ${MESSAGE.subject}`);
    expect(source).toContain('Error: Declined');
  });

  it('takes no header from what it tells', async () => {
    const smtp = await takeMail();
    await send(smtp.url, { ...MESSAGE, subject: 'a\r\nBcc: eve@example.org', text: '.\r\nMAIL FROM:<a@b>' });
    expect(smtp.mails).toMatchObject([{ to: TO }]);
    expect(smtp.mails[0]?.source).not.toMatch(/^Bcc:/m);
  });

  it('is handed over with user and password where the server wants them, who are told to nobody', async () => {
    const smtp = await takeMail({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        username === 'robot' && password === 'hush' ? done(null, { user: 'robot' }) : done(refusing(535)),
    });
    const as = (user: string, password: string) => smtp.url.replace('//', `//${user}:${password}@`);
    await send(as('robot', 'hush'));
    expect(smtp.mails).toHaveLength(1);
    const error = await undelivered(send(as('robot', 'wrong-hush')));
    expect(error).toMatchObject({ type: 'Smtp535', isFinal: true });
    expect(error.message).not.toMatch(/robot|hush/);
  });

  it.each([
    [421, false],
    [451, false],
    [550, true],
    [554, true],
  ])('that is answered %i is not taken, and whether that is final is %s', async (code, isFinal) => {
    const smtp = await takeMail({ onMailFrom: (_address, _session, done) => done(refusing(code)) });
    const error = await undelivered(send(smtp.url));
    expect(error).toMatchObject({ type: `Smtp${code}`, isFinal });
    expect(error.message).toBe(
      `Expected 127.0.0.1:${smtp.port} to take the message, but it answered ${code} at MAIL.`,
    );
    expect(smtp.mails).toEqual([]);
  });

  it.each([
    [451, false],
    [550, true],
  ])('that is answered %i for one of its addresses is not taken, final: %s', async (code, isFinal) => {
    const smtp = await takeMail({
      onRcptTo: ({ address }, _session, done) => done(address.startsWith('duty') ? refusing(code) : null),
    });
    const error = await undelivered(send(smtp.url));
    expect(error).toMatchObject({ type: 'SmtpRejected', isFinal });
    expect(error.message).toBe(`Expected 2 addresses to be taken, but 1 were refused: ${code}.`);
    // Whoever has it would have it ten times if what no repeat can mend were repeated.
    expect(smtp.mails).toMatchObject([{ to: ['ops@example.org'] }]);
  });

  it('finds no server, and finds it later', async () => {
    const smtp = await takeMail();
    await smtp.close();
    const error = await undelivered(send(smtp.url));
    expect(error).toMatchObject({ type: 'Network', isFinal: false });
    expect(error.message).toContain('ECONNREFUSED');
    const again = await takeMail({}, smtp.port);
    await send(smtp.url);
    expect(again.mails).toHaveLength(1);
  });

  it('is given up when nobody waits any more for a server that says nothing', async () => {
    const asked = Promise.withResolvers<void>();
    const silent = createServer(() => asked.resolve());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const abort = new AbortController();
    const sending = undelivered(send(`smtp://127.0.0.1:${port}`, MESSAGE, abort.signal));
    await asked.promise;
    abort.abort();
    expect(await sending).toMatchObject({ type: 'Network', isFinal: false });
  });
});
