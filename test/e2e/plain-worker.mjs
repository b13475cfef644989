// A worker in another language would be no different: it has nothing but HTTP and JSON.
const [server, name, deed] = process.argv.slice(2);

const post = async (what, body) => {
  const response = await fetch(`${server}/workers/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
};

/** Asks until the server answers. */
const tell = async (what, body) => {
  for (;;) {
    try {
      const answer = await post(what, body);
      if (answer.status < 500) return answer;
    } catch {
      // It is away, and comes back.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

for (;;) {
  const { body } = await tell('claim', { worker: name, activities: ['scan'], wait: 10_000 });
  for (const { token, attempt, heartbeat, progress } of body.attempts) {
    say({ attempt, token, progress });
    const beat = setInterval(() => void tell('heartbeat', { token }), heartbeat / 5);
    await tell('heartbeat', { token, progress: { by: name } });
    say({ begun: attempt });
    // Until it is told to go on by a line, or killed.
    if (deed === 'waits') await new Promise((resolve) => process.stdin.once('data', resolve));
    const { status } = await tell('complete', { token, output: { by: name, attempt } });
    clearInterval(beat);
    say({ completed: attempt, status });
  }
}
