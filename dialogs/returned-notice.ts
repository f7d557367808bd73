import { provinceOf } from '../knowledge/entities/province.ts';
import { type DecodedCause, type DecodedNotice, decodeNotice, isNotice } from '../knowledge/returned/notice.ts';
import { reviewed } from '../knowledge/returned/sources.ts';
import { administrationLink, cite, restsOn } from './messages.ts';

export interface NoticeAnswer {
  /** Markdown of the subset that `knowledge/faq` uses. */
  text: string;
  /** Sources and dates, in the form that `messages.provenance` gives to a topic. */
  provenance: string;
  /** Topics of `knowledge/faq` that explain more, in the order of the causes. */
  topics: string[];
  /** How many causes were recognized; with none a person should get the notice. */
  causes: number;
}

/** Beyond these a notice is told in short lines, so that the answer stays readable. */
const mostInDetail = 4;

/**
 * What a pasted rejection means: each cause with where to look, what to do and what to prepare, then what becomes of the time already
 * waited. Undefined for a text that is no rejection notice.
 */
export function answerNotice(text: string): NoticeAnswer | undefined {
  if (!isNotice(text)) return undefined;
  const notice = decodeNotice(text);
  const { causes } = notice;
  return {
    text: (causes.length > 0 ? decoded(notice) : notDecoded(notice)).join('\n\n'),
    provenance: restsOn([...new Set(causes.map(({ source: { asOf, ...source } }) => cite({ ...source, published: asOf })))], reviewed),
    topics: [...new Set(causes.map(({ topic }) => topic))],
    causes: causes.length,
  };
}

function decoded(notice: DecodedNotice): string[] {
  return [
    conclusion(notice),
    ...causesTold(notice.causes),
    `**接下来**：${clock(notice)}`,
    '通知里如果还有我没列出的内容，请一并改好；拿不准的可以发送“转人工”。',
    ...office(notice),
  ];
}

function notDecoded(notice: DecodedNotice): string[] {
  return ['**这份退回通知里的具体原因我认不出来，不敢乱说，需要请工作人员看原文。**', ...office(notice)];
}

function office({ province }: DecodedNotice): string[] {
  return province ? [`这份通知涉及${administrationLink(provinceOf(province).administration)}，当地另有要求的以它为准。`] : [];
}

function conclusion({ causes, by, check }: DecodedNotice): string {
  const what = check ? '这份核查通知指出' : `这次${by ? `被${returners[by]}` : '被'}退回，我认出`;
  return `**${what}${causes.length}个${check ? '问题' : '原因'}：${causes.map(({ title }) => title).join('；')}。**`;
}

const returners = { administration: '管局', provider: '接入商' } as const;

function causesTold(causes: readonly DecodedCause[]): string[] {
  if (causes.length > mostInDetail) return [causes.map(({ title, remedy }, at) => `${at + 1}. **${title}**：${remedy}`).join('\n')];
  const [only] = causes;
  if (only && causes.length === 1) return [told(only)];
  return causes.map((cause, at) => `**${at + 1}、${cause.title}**\n\n${told(cause)}`);
}

function told({ matched, look, remedy, documents }: DecodedCause): string {
  return [
    `- 原因：通知里写的是“${matched}”`,
    `- 看哪里：${look}`,
    `- 怎么改：${remedy}`,
    ...(documents ? [`- 准备什么：${documents.join('；')}`] : []),
  ].join('\n');
}

/** Order 33 of 2005, article 12: 20 workdays from complete papers; sent again, they count anew (help pages of 2026-02). */
function clock({ causes, check }: DecodedNotice): string {
  if (check) return '这是对已有备案的核查，不用重新排队。请在通知写明的期限内改好；逾期可能被取消接入，甚至注销备案。';
  if (causes.every(({ id }) => id.startsWith('license-') && id !== 'license-missing'))
    return '改好后在原申请系统重新提交，审查时间从重新受理起另算。';
  if (causes.every(({ restarts }) => restarts === 'none')) return '现在不要急着重新提交，先按上面的办法处理好。';
  const again = `${causes.length > 1 ? '几处一起改好' : '改好'}再重新提交，重新提交后要再过一次接入商初审和短信核验。`;
  if (causes.some(({ restarts }) => restarts === 'administration'))
    return `${again}管局审核最长20个工作日，也从重新提交后重新计算，之前等的时间不算在内。`;
  return `${again}这类问题退在管局审核开始之前，管局的最长20个工作日要从它收到齐全材料起算。`;
}
