import { momentOf } from '../../dialogs/china-day.ts';
import { fields } from '../../dialogs/intake/fields.ts';
import { caseStateLabels, filingTypeLabels } from '../../dialogs/intake/wording.ts';
import { type FieldKey, fieldKeys, type Values } from '../../knowledge/filing/form.ts';
import { staffValue } from '../cases/staff-view.ts';
import type { Consent } from './consents.ts';
import type { Disclosure } from './disclosures.ts';
import type { KeptConversation, PersonCopy } from './person.ts';

const purposes: Record<Consent['purpose'], string> = { general: '个人信息', certificates: '证件号码', all: '全部个人信息' };
const answers: Record<Consent['answer'], string> = { given: '同意', refused: '不同意', withdrawn: '撤回并要求删除' };

/** The copy as the person it is about reads it: in Chinese, nothing covered, times in China. */
export function readableCopy({ conversations, cases }: PersonCopy, at: number): string {
  return [
    '个人信息副本',
    `制作时间：${momentOf(at)}（北京时间）`,
    `包含：受理单 ${cases.length} 份，会话 ${conversations.length} 个。同一份内容的机器可读版本见 person.json，文件见 files 文件夹。`,
    ...cases.flatMap(({ number, state, filingType, values, documents, history, changes = [], audit, disclosures }) => [
      '',
      `【受理单 ${number}】${filingTypeLabels[filingType]}，${caseStateLabels[state]}`,
      ...valueLines(values),
      ...documents.map(({ name, file, at: then }) => `材料：${name}（${momentOf(then)}，文件 ${file}）`),
      ...changes.map(
        (change) =>
          `变更：${momentOf(change.at)} ${change.field ? `${fields[change.field].label}：` : ''}${change.kind === 'note' ? change.said : change.to}`,
      ),
      ...history.map(
        ({ at: then, state: reached, note }) => `进度：${momentOf(then)} ${caseStateLabels[reached]}${note ? `，${note}` : ''}`,
      ),
      ...disclosures.map(disclosureLine),
      ...audit.map(({ at: then, did, field }) => `工作人员处理：${momentOf(then)} ${did}${field ? ` ${fields[field].label}` : ''}`),
    ]),
    ...conversations.flatMap(conversationLines),
    '',
  ].join('\n');
}

function disclosureLine({ at, recipient, purpose, fields: keys, documents }: Disclosure): string {
  const handed = [...keys.map((key) => fields[key].label), ...(documents.length > 0 ? [`材料${documents.length}份`] : [])];
  return `对外提供：${momentOf(at)} 提供给${recipient}，用途：${purpose}，内容：${handed.join('、')}`;
}

function conversationLines({ conversation, session, transcript, notes, agentNotes, tasks, consents }: KeptConversation): string[] {
  const { form } = session;
  return [
    '',
    `【会话 ${conversation.id}】开始于 ${momentOf(conversation.startedAt)}，渠道 ${conversation.channel}${conversation.user?.name ? `，称呼 ${conversation.user.name}` : ''}`,
    ...(form ? ['正在填写的内容：', ...valueLines(form.values)] : []),
    ...transcript.flatMap(({ activity: { timestamp, from, text, attachments = [] } }) => {
      const said = [text, ...attachments.map(({ name = '' }) => `[文件 ${name}]`)].filter(Boolean).join(' ');
      return said === ''
        ? []
        : [`${momentOf(Date.parse(timestamp ?? ''))} ${from.role === 'user' ? '您' : (from.name ?? '助手')}：${said}`];
    }),
    ...consents.map(({ at, purpose, answer }) => `征求同意：${momentOf(at)} ${purposes[purpose]}，${answers[answer]}`),
    ...agentNotes.map(({ at, text }) => `工作人员备注：${momentOf(at)} ${text}`),
    ...tasks.map(({ at, contact }) => `请求回电：${momentOf(at)}${contact ? ` ${contact}` : ''}`),
    ...notes.flatMap((note) => ('question' in note ? [`供编辑参考：${momentOf(note.at)} ${note.question}`] : [])),
  ];
}

function valueLines(values: Values): string[] {
  return fieldKeys
    .filter((key: FieldKey) => values[key] !== undefined)
    .map((key) => `${fields[key].label}：${staffValue(key, values, true)}`);
}
