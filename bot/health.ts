import { sendJson, unavailable } from './http/http-error.ts';
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

/**
 * For monitoring: alive, able to serve, and figures. They tell nothing about customers, and of what is not in order only which part
 * it is: the log has the rest.
 */
export function healthRoutes({ metrics, parts, helpers = {} }: HealthOptions): Route[] {
  return [
    { method: 'get', path: '/healthz', handle: async (_request, response) => sendJson(response, 200, { status: 'ok' }) },
    {
      method: 'get',
      path: '/readyz',
      handle: async (_request, response) => {
        const [needed, helping] = await Promise.all([statesOf(parts), statesOf(helpers)]);
        const states = { ...needed, ...helping };
        if (Object.values(needed).every((state) => state === 'ready')) sendJson(response, 200, { status: 'ready', parts: states });
        else {
          const { status, code, message, headers } = unavailable();
          for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
          sendJson(response, status, { error: { code, message }, parts: states });
        }
      },
    },
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
