import type { IncomingMessage } from 'node:http';
import type { Conversation } from '../../conversations/conversation.ts';
import type { Conversations } from '../../conversations/conversations.ts';
import type { Outbox } from '../../conversations/outbox.ts';
import type { Deposit } from '../../documents/store-document.ts';
import type { AdmitUpload } from '../../documents/upload-admission.ts';
import type { UploadAllowance } from '../../documents/upload-allowance.ts';
import type { Limit } from '../../http/limits.ts';
import type { Log } from '../../log.ts';
import type { Store } from '../../store/store.ts';
import type { Errands } from '../../turns/errands.ts';
import type { Turns } from '../../turns/turns.ts';

/** What the channels in WeChat need of the rest of the bot. */
export interface Services {
  store: Store;
  conversations: Conversations;
  turns: Turns;
  errands: Errands;
  outbox: Outbox;
  deposit: Deposit;
  admitUpload: AdmitUpload;
  uploadAllowance: UploadAllowance;
  /** Messages of one conversation; verifications of one address. */
  messageLimit: Limit;
  verifications: Limit;
  addressOf: (request: IncomingMessage) => string;
  log: Log;
}

/** Who the customer of a conversation is to the platform. */
export function personOf({ id, user }: Conversation): string {
  if (!user) throw new Error(`Nobody is known to be in conversation ${id}.`);
  return user.id;
}
