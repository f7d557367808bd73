import type { ComponentType } from 'preact';
import { Accounts } from './accounts.tsx';
import { Audit } from './audit.tsx';
import { CasePages } from './case-pages.tsx';
import { Conversations } from './conversations.tsx';
import type { Desk } from './desk.ts';
import { Disclosures } from './disclosures.tsx';
import { Figures } from './figures.tsx';
import { FullExports } from './full-exports.tsx';
import { Misses } from './misses.tsx';
import { useRoute } from './route.ts';

export type PageName = 'conversations' | 'cases' | 'figures' | 'misses' | 'exports' | 'disclosures' | 'accounts' | 'audit';

export interface DeskPage {
  title: string;
  View: ComponentType;
  /** Left out: for everybody. */
  isFor?: (desk: Desk) => boolean;
  /** How much there waits for this agent. */
  waiting?: (desk: Desk) => number;
}

/** By the name in the address, `/desk#/accounts`. */
export const pages: Record<PageName, DeskPage> = {
  conversations: { title: '会话', View: Conversations, waiting: (desk) => (desk.queue?.waiting.length ?? 0) + desk.unread },
  cases: { title: '受理单', View: CasePages },
  figures: { title: '数据', View: Figures, isFor: (desk) => desk.isSupervisor },
  misses: { title: '知识', View: Misses, isFor: (desk) => desk.isSupervisor },
  exports: { title: '完整导出', View: FullExports, isFor: (desk) => desk.isSupervisor, waiting: exportsWaiting },
  disclosures: { title: '交付台账', View: Disclosures, isFor: (desk) => desk.isSupervisor },
  accounts: { title: '账号', View: Accounts, isFor: (desk) => desk.isAdministrator },
  audit: { title: '操作记录', View: Audit, isFor: (desk) => desk.isAdministrator },
};

/** Those of others that are to be decided on, and one's own that can be fetched. */
function exportsWaiting({ queue }: Desk): number {
  const { toDecide = 0, own } = queue?.fullExports ?? {};
  return toDecide + (own === 'granted' ? 1 : 0);
}

/** The pages that this agent may see. */
export function pagesFor(desk: Desk): PageName[] {
  return (Object.keys(pages) as PageName[]).filter((name) => pages[name].isFor?.(desk) ?? true);
}

/** The page in the address; conversations for an address that is none. */
export function usePage(desk: Desk): PageName {
  const [name] = useRoute();
  return pagesFor(desk).find((each) => each === name) ?? 'conversations';
}
