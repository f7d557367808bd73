import { WebSocket } from 'ws';
import { Line, likeTheWidget, Visitor } from '../support/accounting.ts';
import type { Order, Report } from './sockets.ts';
import { openSocket } from './stream.ts';

/**
 * Clients with an open stream each, in a process of their own: what they take of memory and processor is not that of the service, nor of
 * those who measure it. Does what it is told, one order after the other.
 */
const atOnce = 50;
const [url = ''] = process.argv.slice(2);
const line = new Line(() => url, likeTheWidget);
const visitors: Visitor[] = [];
let sockets: WebSocket[] = [];

process.on('message', async (order: Order) => {
  process.send?.(await obey(order));
});

async function obey(order: Order): Promise<Report> {
  const started = performance.now();
  const times: number[] = [];
  switch (order.do) {
    case 'begin':
      await each(Array.from({ length: order.visitors }), atOnce, async () => void visitors.push(await Visitor.begin(line)));
      break;
    case 'open':
      await each(visitors, atOnce, async (visitor) => void sockets.push(await openSocket(line, visitor)));
      break;
    case 'storm':
      for (const socket of sockets) socket.terminate();
      sockets = [];
      await each(visitors, visitors.length, async (visitor) => {
        sockets.push(await openSocket(line, visitor));
        times.push(performance.now() - started);
      });
      break;
  }
  const { told, cut, nobody } = line.endings;
  const isOpen = sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length;
  return { open: isOpen, ms: performance.now() - started, times, sentAway: told + cut + nobody };
}

async function each<T>(of: readonly T[], most: number, act: (one: T) => Promise<void>): Promise<void> {
  const left = of.values();
  await Promise.all(
    Array.from({ length: most }, async () => {
      for (const one of left) await act(one);
    }),
  );
}
