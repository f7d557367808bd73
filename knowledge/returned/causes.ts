import { appCauses } from './app-causes.ts';
import type { Cause } from './cause.ts';
import { domainCauses } from './domain-causes.ts';
import { filerCauses } from './filer-causes.ts';
import { leaderCauses } from './leader-causes.ts';
import { licenseCauses } from './license-causes.ts';
import { orderCauses } from './order-causes.ts';
import { siteCauses } from './site-causes.ts';

/** All causes. The order decides: words that one cause has claimed cannot speak for a later one, so the more particular stand first. */
export const causes: readonly Cause[] = [
  ...licenseCauses,
  ...appCauses,
  ...siteCauses,
  ...domainCauses,
  ...orderCauses,
  ...leaderCauses,
  ...filerCauses,
];
