import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { badArgument } from '../http/http-error.ts';
import type { Handler, Route, RoutedRequest } from '../http/web-server.ts';
import type { Role } from './desk-api.ts';
import type { Admitted, DeskGate } from './desk-gate.ts';

/** Serves somebody who is signed in. */
export type DeskHandler = (request: RoutedRequest, response: ServerResponse, agent: Admitted) => Promise<void>;

const root = '/desk/api';

export const get = (path: string, handle: Handler): Route => ({ method: 'get', path: `${root}/${path}`, handle });
export const post = (path: string, handle: Handler): Route => ({ method: 'post', path: `${root}/${path}`, handle });

/** For people of at least this role only; the others are refused by the gate. */
export function admitted(gate: DeskGate, atLeast: Role, handle: DeskHandler): Handler {
  return async (request, response) => handle(request, response, await gate.admit(request, atLeast));
}

/** `?before=N` of a list that is read from its newest line back: a position, of which the first is 1. Throws 400 for anything else. */
export function beforeOf(request: RoutedRequest): number | undefined {
  const typed = new URL(request.url ?? '/', 'http://localhost').searchParams.get('before');
  if (typed === null) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(typed)) throw badArgument('before: the position of a line.');
  return Number(typed);
}

export function noContent(response: ServerResponse): void {
  response.writeHead(204);
  response.end();
}

/** Who goes away in the middle is told nothing; that it was on its way is on record. */
export async function sendAll(content: AsyncIterable<Uint8Array>, response: ServerResponse): Promise<void> {
  try {
    await pipeline(Readable.from(content), response);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
