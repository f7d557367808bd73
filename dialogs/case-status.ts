import { documentsFor } from '../knowledge/filing/documents.ts';
import { type FilingCase, isWithAgency } from '../knowledge/filing/filing-case.ts';
import { nextSteps } from '../knowledge/filing/next-steps.ts';
import { amendHint, staffSay } from './case-wording.ts';
import { chinaDay } from './china-day.ts';
import { fields } from './intake/fields.ts';
import { wordNextSteps } from './intake/review-wording.ts';
import { caseStateLabels, filingTypeLabels } from './intake/wording.ts';
import { paragraphs } from './say.ts';

/** Where a case stands: its state since when, what was told, what is missing, and what comes next. */
export function statusText(filed: FilingCase, today: string): string {
  const { number, filingType, state, openedAt, history, withheld } = filed;
  const last = history.at(-1);
  const since = last ? `（${dayOf(last.at)}）` : '';
  const missing = missingDocuments(filed);
  return paragraphs(
    `**受理编号 ${number}：${caseStateLabels[state]}**${since}`,
    `业务：${filingTypeLabels[filingType]}${openedAt ? `，${dayOf(openedAt)}提交` : ''}。`,
    last?.note && staffSay(last.note),
    withheld.length > 0 && isOpen(filed) ? `${withheld.map((key) => fields[key].label).join('、')}还没有收，工作人员会联系您。` : undefined,
    missing.length > 0 && isOpen(filed) ? `还没收到的材料：${missing.join('、')}。可以直接在这里发给我。` : undefined,
    state === 'ready' && openedAt ? `接下来：\n\n${wordNextSteps(nextSteps(filingType, filed.values, chinaDay(openedAt)))}` : undefined,
    isWithAgency(state) ? amendHint : undefined,
    `查询时间：${today}。`,
  );
}

/** Whether staff still wait for something from the customer. */
function isOpen({ state }: FilingCase): boolean {
  return ['drafting', 'ready', 'returned'].includes(state);
}

function missingDocuments({ filingType, values, documents }: FilingCase): string[] {
  const kept = new Set(documents.map(({ kind }) => kind));
  return documentsFor(filingType, values).flatMap(({ kind, title, certain }) => (kept.has(kind) || !certain ? [] : [title]));
}

function dayOf(moment: number): string {
  const [year, month, day] = chinaDay(moment).split('-').map(Number);
  return `${year}年${month}月${day}日`;
}
