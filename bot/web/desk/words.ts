import type { UndeliveredReason } from '../../conversations/undelivered.ts';
import type { Brief, ConversationView, Deed, Entry, HandoffReason, Role, Skill, Task } from '../../desk/desk-api.ts';
import type { Agreement } from '../../privacy/consents.ts';
import { Refused, Unreachable } from './calls.ts';

export const roleNames: Record<Role, string> = { agent: '客服', supervisor: '主管', administrator: '管理员' };

export const skillNames: Record<Skill, string> = { conflict: '备案冲突', license: '经营许可证', province: '各省规则' };

export const reasonNames: Record<HandoffReason, string> = {
  asked: '客户要求人工',
  misses: '机器人多次没答上',
  complaint: '投诉或不满',
  'needs-person': '需要人工办理',
  'unknown-notice': '退回通知看不懂',
};

export const taskNames: Record<Task['items'][number]['about'], string> = {
  'consent-refused': '不同意线上填写',
  'unknown-notice': '退回通知看不懂',
  'needs-person': '请人工联系',
};

export const deedNames: Record<Deed, string> = {
  'signed-in': '登录',
  'sign-in-failed': '登录失败',
  'session-ended': '退出登录',
  'identity-confirmed': '再次验证身份',
  'confirmation-failed': '再次验证身份失败',
  'conversation-taken': '接管会话',
  'form-begun': '代开受理单',
  'form-filled': '代填表单',
  'task-finished': '完成待办',
  'phrasings-added': '补充问法',
  'topic-drafted': '起草新主题',
  'misses-dismissed': '不处理未答问题',
  'misses-undone': '撤销处理',
  'case-state-set': '更新受理单状态',
  'case-corrected': '更正受理单内容',
  'case-assigned': '指派受理单',
  'case-revealed': '查看证件号码',
  'case-reveal-refused': '查看证件号码过多，未显示',
  'case-document-read': '查看受理单材料',
  'case-disclosed': '交出备案资料包',
  'case-disclosure-refused': '交出资料包过多，未生成',
  'cases-exported': '导出受理单',
  'full-export-asked': '申请完整导出',
  'full-export-limited': '申请完整导出过多，未受理',
  'full-export-granted': '同意完整导出',
  'full-export-refused': '拒绝完整导出',
  'full-export-withdrawn': '撤回完整导出申请',
  'full-export-fetched': '下载完整导出',
  'person-exported': '导出个人信息副本',
  'person-erased': '删除个人信息',
  'account-created': '新建账号',
  'account-changed': '修改账号',
  'account-invited': '发邀请链接',
  'password-set': '设置密码',
  'second-factor-set': '设置两步验证',
  'second-factor-removed': '关闭两步验证',
  'second-factor-reset': '重置两步验证',
};

export const deadlineNames: Record<NonNullable<Brief['deadline']>['code'], string> = {
  'agency-check': '我们核对资料',
  'provider-review': '接入商初审',
  'sms-verification': '客户短信核验（24小时内）',
  'administration-review': '管局出结果',
  resubmission: '补正后重新提交',
  'public-security': '公安联网备案',
  'domain-expiry': '域名到期',
};

/** 12月4日前后，还有5天; the year is told where it is not this one. */
export function deadlineText({ day, daysLeft, about }: NonNullable<Brief['deadline']>, now: number): string {
  const [year = '', month, date] = day.split('-').map(Number);
  const named = `${year === new Date(now).getFullYear() ? '' : `${year}年`}${month}月${date}日${about ? '前后' : ''}`;
  if (daysLeft === 0) return `${named}，就是今天`;
  return daysLeft > 0 ? `${named}，还有${daysLeft}天` : `${named}，已过${-daysLeft}天`;
}

export const consentNames: Record<Agreement['purpose'], string> = { general: '个人信息', certificates: '证件号码' };

/** 证件号码：11月27日 10:05（第1版） */
export function consentText({ purpose, at, version }: Agreement, now: number): string {
  return `${consentNames[purpose]}：${dayAndClock(at, now)}${version === undefined ? '' : `（第${version}版）`}`;
}

const channelNames: Record<string, string> = {
  'direct-line': '网页',
  azure: 'Azure',
  terminal: '终端',
  'wechat-official-account': '微信公众号',
  'wechat-wecom': '企业微信',
  'wechat-customer-service': '微信客服',
};

export function channelName(channel: string): string {
  return channelNames[channel] ?? channel;
}

const undeliveredReasons: Record<UndeliveredReason, string> = {
  'window-closed': '客户太久没有发消息，平台不允许再发',
  'quota-used': '客户下次发消息前，平台允许的条数已用完',
  unreachable: '客户已取消关注，或拒收消息',
  'platform-away': '平台暂时没有响应',
  account: '账号没有发送权限，请联系管理员',
  'with-person': '客户正由微信里的客服接待',
  refused: '平台不接受这条内容',
  unknown: '平台没有回音，客户可能收到，也可能没收到',
};

/** What an agent should know of a message that did not simply arrive. */
export function undeliveredText({ reason, state }: ConversationView['undelivered'][number]): string {
  const why = undeliveredReasons[reason];
  if (state === 'late') return `补发：先前未送达（${why}）`;
  if (reason === 'unknown') return `不确定是否送达：${why}`;
  return state === 'waits' ? `未送达：${why}。客户再发消息时自动补发` : `未送达：${why}`;
}

/** What is between the bot and a person, in one line: the customer may have been told more. */
export function eventText({ text, handoff, name }: Entry): string {
  switch (handoff) {
    case 'accepted':
      return `${name || '客服'}已接入`;
    case 'completed':
      return '会话已结束，交回机器人';
    default:
      return text.split('\n')[0] ?? '';
  }
}

const refusals: Record<string, string> = {
  Taken: '已由其他客服接入',
  NotYours: '会话已不在您名下',
  NotOnDuty: '这位客服刚刚离开，请转给别人',
  MoreLeft: '客户又留了新的内容，请再看一下',
  NotKept: '快捷回复已被删除，或者已有500条',
  KnowledgeChanged: '知识库刚被改过，请重新试一试',
  KnowledgeBusy: '别人正在改知识库，请稍后再试',
  KnowledgeReadOnly: '这台服务器上的知识库不能改写',
  KnowledgeFaulty: '知识库文件有错误，请让编辑先运行检查',
  NotSound: '检查不通过，请改问法后再试',
  AlreadySettled: '这组问题已有人处理',
  PersonalData: '问法里有个人信息或遮住的内容，请改写',
  UnknownTopic: '这个主题已经没有了，请换一个',
  ChangedSince: '写下的内容后来被改过，不能自动撤销，请直接改文件',
  TooManyStudies: '同时试的人太多，请稍后再试',
  Conflict: '编号重复，请再写一次',
  HttpsNeeded: '只能通过https登录，请让管理员设置PUBLIC_URL',
  NotOwnPage: '请从工作台的正式网址打开本页',
  StateNotAllowed: '现在的状态不能这样改，请刷新后再看',
  CaseNotOpen: '客户还没提交，或者已经办结，不能更正',
  CaseNotComplete: '客户还没提交、已经办结，或证件号码还没收齐，现在不能生成',
  CaseChanged: '受理单刚有变动，请关掉再打开，重新看一遍交出的内容',
  DocumentGone: '有的材料文件已经不在了，请让客户重新上传',
  PersonalDataNamed: '接收方和用途里不要写手机号、证件号这类数字',
  ReasonNamesPerson: '理由会长期留存，请不要写手机号、证件号这类数字',
  ExportOpen: '您已经有一个申请，请先下载或撤回',
  NobodyElse: '现在没有别的主管可以同意',
  NothingToExport: '没有符合条件的受理单',
  OwnExport: '自己的申请要由另一位主管处理',
  OnePerson: '这两个账号7天内由其中一方或同一位管理员新建、改过角色或重设过密码，还不能互相同意，请换一位主管',
  ExportOfOthers: '只有申请人本人能这样做',
  ExportDecided: '这个申请已经处理过了，请看最新的状态',
  ExportNotGranted: '还没有人同意，或者已经下载过了',
  ExportGone: '下载凭据已失效，请重新申请',
  NoSuchColleague: '这个账号已停用，请换一位',
  SignInWrong: '账号或密码不对',
  SecondFactorWrong: '验证码不对或已用过，请填最新的一个',
  SecondFactorDraftGone: '二维码已过期，请关掉重新设置',
  SecondFactorRequired: '您的角色必须开启两步验证，不能关闭',
  SecondFactorToSet: '请先设置两步验证（刷新页面）',
  InvitationGone: '链接已失效或用过了，请让管理员再发一个',
  PasswordTooShort: '密码至少12个字符',
  PasswordTooLong: '密码太长了，最多256个字符',
  PasswordTooEasy: '密码太容易猜，请换一个：不要连号、重复或包含账号',
  PasswordWrong: '现在的密码不对',
  ConfirmationNeeded: '离上次验证身份超过10分钟了，请先确认是您本人',
  ChangedMeanwhile: '账号刚被修改过，请重新登录',
  LoginTaken: '这个账号已经有人用了',
  LastAdministrator: '至少要留一位能登录的管理员',
  TooManyAccounts: '账号数量已到上限',
};

/** A failure, for whoever sits in front of the screen. */
export function explain(error: unknown): string {
  if (error instanceof Unreachable) return '网络不通，请稍后再试';
  if (!(error instanceof Refused)) throw error;
  const { status, facts, retryAfterSeconds } = error;
  if (typeof facts.reason === 'string') return facts.reason;
  if (typeof facts.takenBy === 'string') return `已由${oneLine(facts.takenBy)}接入`;
  if (error.code === 'TooManyCases') return `符合条件的有${facts.cases}张，一次最多导出${facts.most}张，请缩小筛选范围`;
  return refusals[error.code] ?? explainStatus(status, retryAfterSeconds);
}

function explainStatus(status: number, retryAfterSeconds: number): string {
  switch (status) {
    case 400:
      return '填写的内容不符合要求，请检查';
    case 401:
      return '登录已失效，请重新登录';
    case 403:
      return '没有权限';
    case 404:
      return '已经不存在了';
    case 413:
      return '内容太长';
    case 429:
      return `操作太频繁，请${duration((retryAfterSeconds || 1) * 1000)}后再试`;
    default:
      return status >= 500 ? '服务暂时不可用，请稍后再试' : `没有成功（${status}）`;
  }
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How long it has been: 45秒, 3分20秒, 2小时5分. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (ms < minuteMs) return `${seconds}秒`;
  if (ms < 10 * minuteMs) return `${Math.floor(seconds / 60)}分${seconds % 60}秒`;
  if (ms < hourMs) return `${Math.floor(seconds / 60)}分钟`;
  const hours = Math.floor(ms / hourMs);
  return hours < 24 ? `${hours}小时${Math.floor((ms % hourMs) / minuteMs)}分` : `${Math.floor(hours / 24)}天`;
}

export function clock(at: number): string {
  return new Date(at).toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit' });
}

/** 今天, 昨天, or the date; with the year where it is another. */
export function day(at: number, now: number): string {
  const date = new Date(at);
  const today = new Date(now);
  const yesterday = new Date(now);
  yesterday.setDate(today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return '今天';
  if (date.toDateString() === yesterday.toDateString()) return '昨天';
  const year = date.getFullYear() === today.getFullYear() ? '' : `${date.getFullYear()}年`;
  return `${year}${date.getMonth() + 1}月${date.getDate()}日`;
}

export function dayAndClock(at: number, now: number): string {
  const name = day(at, now);
  return name === '今天' ? clock(at) : `${name} ${clock(at)}`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** Signs that turn the direction of what follows, or are not to be seen at all: in names and messages they only serve to deceive. */
const unseen = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}]/gu;

export function plain(text: string): string {
  return text.replace(unseen, '');
}

/** Of something that goes into one line: a name, or the last words. */
export function oneLine(text: string): string {
  return plain(text).replace(/\s+/g, ' ').trim();
}
