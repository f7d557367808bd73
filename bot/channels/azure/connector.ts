import type { Activity } from '../../activity.ts';
import type { AzureCredentials } from '../../config.ts';
import { HttpError } from '../../http/http-error.ts';
import type { ConversationReference } from '../filing-bot.ts';

/**
 * All that the bot needs of an SDK: to know that Azure Bot Service is who it says it is, and to send through it. Two implementations
 * pass one suite, and are the only files that import an SDK: `botbuilder.ts` (Bot Framework SDK, whose last line is 4.23) and `agents.ts`
 * (Microsoft 365 Agents SDK, its successor).
 */
export interface Connector {
  /**
   * Resolves when the `Authorization` header proves that the service sends this activity to this bot, from the address that the activity
   * names: replies are sent there with a token of the bot's, so it is believed only when it is signed. Rejects with 401 otherwise. (Azure Bot
   * Service, "Authenticate requests from the Bot Connector service to your bot", read 2026-11.)
   */
  verify(authorization: string, activity: SignedParts): Promise<void>;
  /**
   * Hands an activity to the service, at most once: never again by itself. Rejects with `NotSent` when it surely did not arrive, and with
   * anything else when that is open.
   */
  send(reference: ConversationReference, activity: OutgoingActivity): Promise<void>;
}

/** What the service's signature covers: it speaks for a channel, from an address. */
export interface SignedParts {
  channelId: string;
  serviceUrl: string;
}

/** Sender and moment are for the service to set. */
export type OutgoingActivity = Omit<Activity, 'timestamp' | 'from' | 'replyToId'>;

/** The connector of the SDK that is configured. The other is not loaded, and neither is by a bot without Azure: each takes a second or two. */
export async function openConnector(credentials: AzureCredentials): Promise<Connector> {
  switch (credentials.sdk) {
    case 'botbuilder': {
      const { BotbuilderConnector } = await import('./botbuilder.ts');
      return new BotbuilderConnector(credentials);
    }
    case 'agents': {
      const { AgentsConnector } = await import('./agents.ts');
      return new AgentsConnector(credentials);
    }
  }
}

/** What `verify` rejects with: a stranger is not told what was wrong with the token. */
export function notFromService(): HttpError {
  return new HttpError(401, 'Unauthorized', 'The request does not come from the configured Bot Service.');
}

const unreached: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Whether a network error came before anything was written. */
export function isUnreached(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && unreached.has(error.code);
}
