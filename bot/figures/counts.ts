import { type BusinessHours, openTimeBetween } from '../../knowledge/calendar/business-hours.ts';
import type { FigureEvent } from './figure-event.ts';

/** Sums by name, such as `answer`, `topic:…`, `wait:ms`; there are only so many names as topics and kinds. */
export type Counts = Record<string, number>;

/** What an event adds. `hours`: when the agency's people are there, outside of which nobody waits for them. */
export function countsOf(event: FigureEvent, hours: BusinessHours | undefined): Counts {
  switch (event.kind) {
    case 'conversation':
    case 'miss':
      return { [event.kind]: 1 };
    case 'reply': {
      const { decision, topic } = event;
      return { [decision]: 1, ...(decision === 'answer' && topic !== undefined && { [`topic:${topic}`]: 1 }) };
    }
    case 'feedback':
      return { [event.useful ? 'useful' : 'not-useful']: 1 };
    case 'handoff':
      return { handoff: 1, [`reason:${event.reason}`]: 1 };
    case 'handoff-ended': {
      const { state, requestedAt, acceptedAt, answeredAt, endedAt } = event;
      const took = (name: string, to: number | undefined): Counts =>
        to === undefined
          ? {}
          : { [`${name}:count`]: 1, [`${name}:ms`]: hours ? openTimeBetween(hours, requestedAt, to) : to - requestedAt };
      return { [state]: 1, ...took('wait', acceptedAt), ...took('response', answeredAt), ...took('resolution', acceptedAt && endedAt) };
    }
    case 'rating':
      return { [`rating:${event.rating}`]: 1 };
  }
}

export function add(sum: Counts, more: Counts): Counts {
  for (const [name, value] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
}
