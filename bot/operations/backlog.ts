import type { Inbox } from '../conversations/inbox.ts';
import type { Duty } from '../handoffs/duty.ts';
import type { Handoffs } from '../handoffs/handoffs.ts';
import type { Metrics } from '../metrics.ts';
import type { Retention } from '../privacy/retention.ts';
import type { Store } from '../store/store.ts';

export interface BacklogOptions {
  store: Pick<Store, 'now'>;
  inbox: Pick<Inbox, 'waiting' | 'due'>;
  handoffs: Pick<Handoffs, 'waiting' | 'held' | 'countTasks'>;
  duty: Pick<Duty, 'agents'>;
  retention: Pick<Retention, 'last'>;
  metrics: Metrics;
  /** Is told that the figures could not be had. */
  failed: (error: unknown) => void;
}

/** It takes some hundred questions to a store, which is not to be at the mercy of how often somebody asks for the figures. */
const everyMs = 5_000;
/** More than these are not counted: that many are a fault, whatever the number. */
const most = 10_000;

/** What waits in the store, for all instances together: each of them shows the same. */
const sounding = {
  filing_work_waiting: {
    help: 'Conversations and cases with work that is not done yet, also work that is under way or put off',
    label: 'work',
  },
  filing_work_due: { help: 'Conversations and cases with work that could be done now and that nobody has taken', label: 'work' },
  filing_handoffs_waiting: { help: 'Customers who wait for a person' },
  filing_handoffs_longest_wait_seconds: { help: 'How long the first of those who wait for a person has been waiting' },
  filing_handoffs_held: { help: 'Conversations that a person has' },
  filing_tasks_open: { help: 'Conversations that have left something to do for a person' },
  filing_retention_completed_seconds: { help: 'When what was kept long enough was last erased, in seconds since 1970; 0: never yet' },
  filing_agents: { help: 'People at the desk', label: 'available' },
} as const;

/** Adds the figures of what waits to those of the process. */
export function showBacklog({ store, inbox, handoffs, duty, retention, metrics, failed }: BacklogOptions): void {
  metrics.sound(
    sounding,
    everyMs,
    async () => {
      const [all, due, waiting, held, tasks, agents, night] = await Promise.all([
        inbox.waiting(most),
        inbox.due(most),
        handoffs.waiting(),
        handoffs.held(),
        handoffs.countTasks(),
        duty.agents(),
        retention.last(),
      ]);
      const available = agents.filter((agent) => agent.available).length;
      const first = Math.min(store.now(), ...waiting.map(({ handoff }) => handoff.requestedAt));
      return {
        filing_work_waiting: lengths(all),
        filing_work_due: lengths(due),
        filing_handoffs_waiting: waiting.length,
        filing_handoffs_longest_wait_seconds: (store.now() - first) / 1000,
        filing_handoffs_held: held.length,
        filing_tasks_open: tasks,
        filing_retention_completed_seconds: (night?.report.endedAt ?? 0) / 1000,
        filing_agents: { yes: available, no: agents.length - available },
      };
    },
    failed,
  );
}

function lengths(lists: Awaited<ReturnType<Inbox['due']>>): Record<string, number> {
  return Object.fromEntries(Object.entries(lists).map(([work, list]) => [work, list.length]));
}
