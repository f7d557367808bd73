import type { ServerResponse } from 'node:http';
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

export function noContent(response: ServerResponse): void {
  response.writeHead(204);
  response.end();
}
