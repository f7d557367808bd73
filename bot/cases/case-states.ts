import type { CaseState } from '../../knowledge/filing/filing-case.ts';

/** What staff may set a case to. Against the stream only where a mistake has to be taken back. */
const next: Record<CaseState, readonly CaseState[]> = {
  drafting: ['cancelled'],
  ready: ['submitted', 'returned', 'cancelled'],
  submitted: ['provider-review', 'returned', 'cancelled'],
  'provider-review': ['sms-pending', 'administration-review', 'returned', 'cancelled'],
  'sms-pending': ['administration-review', 'returned', 'cancelled'],
  'administration-review': ['sms-pending', 'approved', 'returned', 'cancelled'],
  approved: ['administration-review'],
  returned: ['ready', 'submitted', 'provider-review', 'administration-review', 'cancelled'],
  cancelled: ['ready'],
  erased: [],
};

export function nextStates(state: CaseState): readonly CaseState[] {
  return next[state];
}

/** Nothing more is to come; the time of keeping runs. */
export function isClosed(state: CaseState): boolean {
  return state === 'approved' || state === 'cancelled';
}
