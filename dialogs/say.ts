import type { Effect } from './effect.ts';
import type { Choice, Reply, ReplyKind } from './reply.ts';
import type { Response, Turn, TurnResult } from './turn.ts';

/** A turn that says one thing. */
export function say(turn: Turn, kind: ReplyKind | 'unknown' | 'smalltalk' | 'notice', text: string, effects: Effect[] = []): TurnResult {
  const reply = typeof kind === 'string' ? { kind } : kind;
  return { session: turn.session, replies: [{ ...reply, text, choices: [] }], effects };
}

/** The same turn with choices after what it says. */
export function offer(result: TurnResult, choices: Choice[], invitation?: string): TurnResult {
  const replies = result.replies.map((reply) => ({ ...reply, choices, ...(invitation && { invitation }) }));
  return { ...result, replies };
}

export function withoutChoices({ invitation: _, ...reply }: Reply): Reply {
  return { ...reply, choices: [] };
}

/** Goes on with a result; a turn that waits for a look-up has none yet. */
export function andThen(response: Response, next: (result: TurnResult) => Response): Response {
  return 'lookUp' in response ? response : next(response);
}

/** Paragraphs of one message; empty ones are left out. */
export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join('\n\n');
}
