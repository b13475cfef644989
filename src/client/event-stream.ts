/** One event of an event stream. */
export interface StreamedEvent {
  readonly type: string;
  readonly data: string;
  /** Undefined when it has none of its own. */
  readonly id: string | undefined;
}

const NEWLINE = /\r\n|\n|\r/;

const eventOf = (frame: string): StreamedEvent => {
  let [type, id]: [string, string | undefined] = ['message', undefined];
  const data: string[] = [];
  for (const line of frame.split(NEWLINE)) {
    const [, name, value = ''] = /^([a-z]+)(?:: ?(.*))?$/.exec(line) ?? [];
    if (name === 'event') type = value;
    else if (name === 'data') data.push(value);
    else if (name === 'id') id = value;
  }
  return { type, id, data: data.join('\n') };
};

/** The events of a stream of bytes as they come, without comments; the rest of one that was cut off is none. */
export const eventsIn = async function* (
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<StreamedEvent, void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const event = eventOf(frame);
      if (event.data !== '' || event.type !== 'message') yield event;
    }
  }
};
