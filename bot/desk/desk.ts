import type { Figures } from '../figures/figures.ts';
import type { Log } from '../log.ts';
import type { Consents } from '../privacy/consents.ts';
import type { Disclosures } from '../privacy/disclosures.ts';
import type { Files } from '../store/files.ts';
import { type AccountsOptions, type OpenAccounts, openAccounts } from './accounts/open-accounts.ts';
import { Board } from './board.ts';
import { CannedReplies } from './canned-replies.ts';
import { CaseRoutes } from './case-routes.ts';
import { ConversationRoutes, type ConversationRoutesOptions } from './conversation-routes.ts';
import { DeskStreams } from './desk-streams.ts';
import { FigureRoutes } from './figure-routes.ts';
import { FullExportRoutes } from './full-export/full-export-routes.ts';
import { FullExports } from './full-export/full-exports.ts';
import { Misses, type MissesFiles } from './misses/misses.ts';
import { missRoutes } from './misses/misses-api.ts';
import { Studies } from './misses/studies.ts';
import { PackageRoutes } from './package-routes.ts';

export interface DeskOptions extends AccountsOptions, Omit<ConversationRoutesOptions, 'gate' | 'audit' | 'board' | 'replies' | 'now'> {
  figures: Figures;
  files: Files;
  consents: Consents;
  disclosures: Disclosures;
  /** Of the knowledge base, as its editors have it. */
  missesFiles: MissesFiles;
  /** How it is studied; by itself in processes of their own. */
  studies?: Pick<Studies, 'of'>;
  log: Log;
}

export interface Desk extends OpenAccounts {
  streams: DeskStreams;
}

/** The agents' desk: who may do what at it, the conversations there, and its part of the HTTP interface. */
export function openDesk(options: DeskOptions): Desk {
  const { store, handoffs, duty, limit } = options;
  const opened = openAccounts(options);
  const { gate, audit, accounts, routes } = opened;
  const now = () => store.now();
  const fullExports = new FullExports(store, audit);
  const board = new Board(handoffs, options.conversations, duty, fullExports, now);
  const conversations = new ConversationRoutes({ ...options, gate, audit, board, replies: new CannedReplies(store), now });
  const revealLimit = limit('case-reveals', { most: 20, minutes: 60 });
  const cases = new CaseRoutes({ ...options, gate, audit, accounts, revealLimit, now });
  const packageLimit = limit('case-packages', { most: 20, minutes: 60 });
  const packages = new PackageRoutes({ ...options, gate, audit, accounts, packageLimit, now });
  const fullExportLimit = limit('full-exports', { most: 10, minutes: 60 });
  const exportsOfCases = new FullExportRoutes({ ...options, gate, audit, accounts, fullExports, fullExportLimit, now });
  const figures = new FigureRoutes({ ...options, gate });
  const { missesFiles, studies = new Studies(missesFiles) } = options;
  const misses = new Misses({ ...options, audit, files: missesFiles, studies });
  const streams = new DeskStreams({ ...options, gate, board });
  const parts = [conversations, cases, packages, exportsOfCases, figures].flatMap((part) => part.routes);
  return { ...opened, routes: [...routes, ...parts, ...missRoutes({ gate, accounts, misses })], streams };
}
