import type { z } from 'zod';

/** All that a schema has found wrong, with where it is, on one line: `name: Too small; role: Invalid option`. For developers and operators. */
export function schemaFaults({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')).join('; ');
}
