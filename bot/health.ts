import { HttpError, sendError, sendJson, unavailable } from './http/http-error.ts';
import type { Route } from './http/web-server.ts';
import type { Metrics } from './metrics.ts';

/** What has to be in order for requests to be served. Each rejects when it is not. */
export type Parts = Record<string, () => Promise<void>>;

export interface HealthOptions {
  metrics: Metrics;
  parts: Parts;
  /** Parts that are shown beside them, without which everything else goes on: an instance is not to be taken out of service for them. */
  helpers?: Parts;
}

const alive: Route = { method: 'get', path: '/healthz', handle: async (_request, response) => sendJson(response, 200, { status: 'ok' }) };

/**
 * For monitoring: alive, able to serve, and figures. They tell nothing about customers, and of what is not in order only which part
 * it is: the log has the rest.
 */
export function healthRoutes({ metrics, parts, helpers = {} }: HealthOptions): Route[] {
  return [
    alive,
    readiness(async () => {
      const [needed, helping] = await Promise.all([statesOf(parts), statesOf(helpers)]);
      return { isReady: areReady(needed), facts: { parts: { ...needed, ...helping } } };
    }),
    {
      method: 'get',
      path: '/metrics',
      handle: async (_request, response) => {
        const text = await metrics.registry.metrics();
        response.writeHead(200, { 'Content-Type': metrics.registry.contentType });
        response.end(text);
      },
    },
  ];
}

/** What balancers need of it, and everybody may have: where the rest is on a port of its own. */
export function publicHealthRoutes({ parts }: Pick<HealthOptions, 'parts'>): Route[] {
  return [alive, readiness(async () => ({ isReady: areReady(await statesOf(parts)), facts: {} }))];
}

function readiness(look: () => Promise<{ isReady: boolean; facts: object }>): Route {
  return {
    method: 'get',
    path: '/readyz',
    handle: async (_request, response) => {
      const { isReady, facts } = await look();
      if (isReady) return sendJson(response, 200, { status: 'ready', ...facts });
      const { status, code, message, headers } = unavailable();
      sendError(response, new HttpError(status, code, message, headers, facts));
    },
  };
}

function areReady(states: Record<string, State>): boolean {
  return Object.values(states).every((state) => state === 'ready');
}

type State = 'ready' | 'not-ready';

async function statesOf(parts: Parts): Promise<Record<string, State>> {
  const states = Object.entries(parts).map(
    async ([part, check]): Promise<[string, State]> => [
      part,
      await check().then(
        () => 'ready',
        () => 'not-ready',
      ),
    ],
  );
  return Object.fromEntries(await Promise.all(states));
}
