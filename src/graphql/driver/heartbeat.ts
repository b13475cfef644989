import type { WebSocket } from 'ws';
import type { Clock } from '../../ports/clock.ts';

/** Pings a peer again and again and terminates it when it has not answered until the next ping. Ends with the socket. */
export const keepBeating = (socket: WebSocket, clock: Clock, interval: number): void => {
  let answered = true;
  const beat = (): void => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    if (socket.readyState === socket.OPEN) socket.ping();
    timer = clock.after(interval, beat);
  };
  let timer = clock.after(interval, beat);
  socket.on('pong', () => {
    answered = true;
  });
  socket.on('close', () => timer.cancel());
};
