import { existsSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { notFound } from './http/http-error.ts';
import type { Origins } from './http/origins.ts';
import type { Route } from './http/web-server.ts';

export interface PagesOptions {
  /** The built pages. */
  folder: string;
  origins: Origins;
  publicUrl: () => string;
}

/** The pages browsers load: the sample page of an agency, the widget's loader and the widget itself, and the desk of the agents. */
export function pageRoutes({ folder, origins, publicUrl }: PagesOptions): Route[] {
  if (!existsSync(join(folder, 'index.html'))) throw new Error(`The pages are not built: run \`npm run build\`. Looked in ${folder}.`);
  const files = sirv(folder, { etag: true, gzip: true });

  function setHeaders(response: ServerResponse, path: string): void {
    // Names of assets carry a hash of their content; everything else is asked for again each time, by its tag.
    response.setHeader('Cache-Control', path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    // The page that includes it may be in another charset.
    if (path === '/widget.js') response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
    if (path === '/widget') response.setHeader('Content-Security-Policy', widgetPolicy());
    else if (path === '/desk') response.setHeader('Content-Security-Policy', deskPolicy());
    else if (path === '/') response.setHeader('Content-Security-Policy', pagePolicy);
    // The loader is made to be used on other sites.
    if (path === '/widget.js' || path.startsWith('/assets/')) response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  }

  function widgetPolicy(): string {
    const stream = publicUrl().replace(/^http/, 'ws');
    return [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      `connect-src 'self' ${stream}`,
      "img-src 'self' data: blob:",
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${["'self'", ...origins.others].join(' ')}`,
    ].join('; ');
  }

  function deskPolicy(): string {
    return [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      `connect-src 'self' ${publicUrl().replace(/^http/, 'ws')}/desk/stream`,
      "img-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; ');
  }

  const serve = (path: string): Route => ({
    method: 'get',
    path,
    handle: async (request, response) => {
      await new Promise<void>((resolve, reject) => {
        response.once('close', resolve);
        // A file that is gone since the start, under a deployment in place, fails as a stream that nobody else listens to.
        response.once('pipe', (file) => file.once('error', reject));
        const before = pageHeaders.map((name) => [name, response.getHeader(name)] as const);
        // Not left to the server of files, which says nothing with a 304: a browser takes the policy of that for the page it has kept.
        setHeaders(response, new URL(request.url ?? '/', 'http://page').pathname);
        files(request, response, () => {
          for (const [name, value] of before) {
            if (value === undefined) response.removeHeader(name);
            else response.setHeader(name, value);
          }
          reject(notFound());
        });
      });
    },
  });
  return ['/', '/widget', '/desk', '/widget.js', '/favicon.svg', '/assets/:file'].map(serve);
}

/** What pages have of their own. */
const pageHeaders = ['Cache-Control', 'Content-Type', 'Content-Security-Policy', 'Cross-Origin-Resource-Policy'];

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
