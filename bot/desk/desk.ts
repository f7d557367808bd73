import type { Route } from '../http/web-server.ts';
import type { Log } from '../log.ts';
import type { Accounts } from './accounts/accounts.ts';
import { type AccountsOptions, openAccounts } from './accounts/open-accounts.ts';
import { Board } from './board.ts';
import { CannedReplies } from './canned-replies.ts';
import { ConversationRoutes, type ConversationRoutesOptions } from './conversation-routes.ts';
import { DeskStreams } from './desk-streams.ts';

export interface DeskOptions extends AccountsOptions, Omit<ConversationRoutesOptions, 'gate' | 'audit' | 'board' | 'replies' | 'now'> {
  log: Log;
}

export interface Desk {
  accounts: Accounts;
  routes: Route[];
  streams: DeskStreams;
}

/** The agents' desk: who may do what at it, the conversations there, and its part of the HTTP interface. */
export function openDesk(options: DeskOptions): Desk {
  const { store, handoffs, duty } = options;
  const { gate, audit, accounts, routes } = openAccounts(options);
  const now = () => store.now();
  const board = new Board(handoffs, options.conversations, duty, now);
  const conversations = new ConversationRoutes({ ...options, gate, audit, board, replies: new CannedReplies(store), now });
  const streams = new DeskStreams({ ...options, gate, board });
  return { accounts, routes: [...routes, ...conversations.routes], streams };
}
