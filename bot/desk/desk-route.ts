import type { ServerResponse } from 'node:http';
import type { Handler, Route } from '../http/web-server.ts';

const root = '/desk/api';

export const get = (path: string, handle: Handler): Route => ({ method: 'get', path: `${root}/${path}`, handle });
export const post = (path: string, handle: Handler): Route => ({ method: 'post', path: `${root}/${path}`, handle });

export function noContent(response: ServerResponse): void {
  response.writeHead(204);
  response.end();
}
