import { z } from 'zod';
import { readJsonBody } from '../../http/body.ts';
import { notFound, sendJson } from '../../http/http-error.ts';
import type { Route } from '../../http/web-server.ts';
import type { RecoveryCodes, SecondFactorDraft } from '../desk-api.ts';
import type { DeskGate } from '../desk-gate.ts';
import { noContent, post } from '../desk-route.ts';
import type { SecondFactorPolicy } from './second-factor.ts';
import type { SecondFactors } from './second-factors.ts';

export interface SecondFactorRoutesOptions {
  gate: DeskGate;
  secondFactors: SecondFactors;
  policy: SecondFactorPolicy;
  publicUrl: () => string;
}

const mostBytes = 1024;

/** A recovery code has 19 characters; people leave gaps. */
export const typedCode = z.string().max(60);
const codeSchema = z.object({ code: typedCode });

/** What is asked for besides a password: set up and given up by its owner, reset by administrators; see the table in `desk-api.ts`. */
export function secondFactorRoutes({ gate, secondFactors, policy, publicUrl }: SecondFactorRoutesOptions): Route[] {
  return [
    post('second-factor/begin', async (request, response) => {
      const admitted = await gate.admitToSetUp(request);
      gate.requireSafeWay();
      gate.requireConfirmed(admitted);
      // The name of the machine alone: Chinese characters would make the QR code too fine for the cameras of older phones.
      const { hostname } = new URL(publicUrl());
      sendJson(response, 200, (await secondFactors.draft(admitted.id, hostname)) satisfies SecondFactorDraft);
    }),
    post('second-factor', async (request, response) => {
      const { id, session } = await gate.admitToSetUp(request);
      const { code } = await readJsonBody(request, codeSchema, mostBytes);
      sendJson(response, 200, { recoveryCodes: await secondFactors.set(id, session, code) } satisfies RecoveryCodes);
    }),
    post('second-factor/remove', async (request, response) => {
      const admitted = await gate.admit(request);
      gate.requireConfirmed(admitted);
      await secondFactors.remove(admitted.id, policy);
      noContent(response);
    }),
    post('accounts/:id/second-factor/remove', async (request, response) => {
      const admitted = await gate.admit(request, 'administrator');
      gate.requireConfirmed(admitted);
      if (!(await secondFactors.reset(request.params.id ?? '', admitted.id))) throw notFound();
      noContent(response);
    }),
  ];
}
