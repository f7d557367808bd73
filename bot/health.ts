import { HttpError, sendJson } from './http/http-error.ts';
import type { Route } from './http/web-server.ts';
import type { Metrics } from './metrics.ts';

export interface HealthOptions {
  metrics: Metrics;
  /** Whether requests can be served; rejects when the store cannot. */
  ready: () => Promise<boolean>;
}

/** For monitoring: alive, able to serve, and figures. They tell nothing about customers. */
export function healthRoutes({ metrics, ready }: HealthOptions): Route[] {
  return [
    { method: 'get', path: '/healthz', handle: async (_request, response) => sendJson(response, 200, { status: 'ok' }) },
    {
      method: 'get',
      path: '/readyz',
      handle: async (_request, response) => {
        if (!(await ready())) throw new HttpError(503, 'ServiceUnavailable', 'The service is stopping.');
        sendJson(response, 200, { status: 'ready' });
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
