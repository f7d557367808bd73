import { type Day, daysBetween, plusDays, weekdayOf, yearOf } from '../knowledge/calendar/days.ts';
import { calendarYears } from '../knowledge/calendar/estimated-year.ts';
import { type DatedTopic, type FilingPeriod, filingPeriods, hasPeriod } from '../knowledge/calendar/filing-periods.ts';
import { holidayRule } from '../knowledge/calendar/published-years.ts';
import { addWorkdays, isWorkday, type Span, spanBetween } from '../knowledge/calendar/work-calendar.ts';
import { cite, restsOn } from './messages.ts';

export interface DeadlineQuestion {
  /** The topic that the question was matched to. */
  topic: string;
  /** The day that the customer named: submitted, accepted, opened, or due to change or expire. */
  day: Day;
  /** The day in China. */
  today: Day;
  /** The customer's words; they may say whether the day is the provider's or the administration's. */
  said?: string;
}

export interface DeadlineAnswer {
  /** Markdown, at most 300 characters. */
  text: string;
  provenance: string;
  /** The last day of the longest period. */
  last: Day;
  /** Whether a year without a published work calendar was estimated. */
  estimated: boolean;
}

/**
 * The date that follows from a day and the period of a topic, and how it was counted. Undefined for topics without a period and
 * for days beyond the work calendar.
 */
export function deadlineAnswer({ topic, day, today, said = '' }: DeadlineQuestion): DeadlineAnswer | undefined {
  // Periods reach into the year before or after.
  if (!hasPeriod(topic) || yearOf(day) <= calendarYears.first || yearOf(day) >= calendarYears.last) return undefined;
  const start = startIn(said);
  const counted = countedTopic(topic, start);
  const reckoning = reckon(filingPeriods[counted], { day, today, start, accepted: saysAccepted(said) });
  const { conclusion, counting, notes } = wordings[counted](reckoning);
  const text = [`**${conclusion}**`, counting + estimateNote(reckoning), notes.map((note) => `- ${note}`).join('\n')].join('\n\n');
  return { text, provenance: provenance(reckoning), last: reckoning.last, estimated: estimatedYears(reckoning).length > 0 };
}

type Start = 'administration' | 'provider' | undefined;

interface Reckoning {
  period: FilingPeriod;
  day: Day;
  today: Day;
  start: Start;
  /** The customer said that the application has been accepted (受理). */
  accepted: boolean;
  last: Day;
  /** Days since `last`; 0 on the day itself, negative before. */
  overdue: number;
  /** What lies between the start and the last day; undefined when natural days are counted. */
  span?: Span;
}

interface Wording {
  conclusion: string;
  counting: string;
  notes: string[];
}

/** Where the customer says that the day's submission went; undefined when the words leave it open or name both. */
function startIn(said: string): Start {
  const administration = /管局|通信管理|上报|报送|工信/.test(said);
  const provider = /接入商|服务商|云厂商|初审|阿里|腾讯|华为|百度/.test(said);
  if (administration === provider) return undefined;
  return administration ? 'administration' : 'provider';
}

/** Whether the words say that the licence application has been accepted, rather than ask when it will be. */
function saysAccepted(said: string): boolean {
  return /受理/.test(said) && !/([未没]|时候|何时|哪天|多久|几号).{0,2}受理|受理了?[吗么没]/.test(said);
}

/** A filing handed to the provider takes the whole way; one already at the administration only the legal period. */
function countedTopic(topic: DatedTopic, start: Start): DatedTopic {
  if (topic === 'timeline-total' && start === 'administration') return 'review-time';
  return start === 'provider' && reviews.has(topic) ? 'timeline-total' : topic;
}

const reviews: ReadonlySet<DatedTopic> = new Set(['review-time', 'change-review-time', 'resubmit-requeue', 'app-filing-process']);

function reckon(period: FilingPeriod, given: Pick<Reckoning, 'day' | 'today' | 'start' | 'accepted'>): Reckoning {
  const last = lastDay(period, given.day);
  const span = period.unit === 'workdays' ? { span: spanBetween(given.day, last) } : {};
  return { period, ...given, last, overdue: daysBetween(last, given.today), ...span };
}

function lastDay({ unit, most }: FilingPeriod, day: Day): Day {
  switch (unit) {
    case 'workdays':
      return addWorkdays(day, most).day;
    case 'days':
      return plusDays(day, most);
    case 'days-before':
      return plusDays(day, -most);
  }
}

const wordings: Record<DatedTopic, (reckoning: Reckoning) => Wording> = {
  'review-time': (r) => review(r, '最晚应在'),
  'change-review-time': (r) => review(r, '最晚应在'),
  'resubmit-requeue': (r) => review(r, '最晚应在'),
  'app-filing-process': (r) => review(r, '一般最晚在'),
  'cancel-time': cancellation,
  'timeline-total': wholeWay,
  'provider-precheck': providerReview,
  'sms-verification': smsVerification,
  'domain-realname-wait': (r) =>
    registrantWait(r, {
      earliest: plusDays(r.day, 3),
      counted: '3个自然日',
      note: `这里按${short(r, r.day)}实名通过算；刚过户、改持有人的，从改好那天算。`,
    }),
  'reject-domain-realname': (r) =>
    registrantWait(r, {
      earliest: addWorkdays(r.day, 3).day,
      counted: '3个工作日',
      note: `这里按${short(r, r.day)}改好实名信息算；还没改好的，从改好那天算。`,
    }),
  'info-check-notice': (r) =>
    duty(r, {
      basis: '按常见的10个工作日算，',
      what: '完成整改',
      notes: ['通知写了日期的，以通知为准；请先到接入商后台核实通知真假。', '逾期多半会被取消接入。'],
      late: '请马上改好并联系接入商，问清是否已被取消接入。',
    }),
  'change-deadline': (r) =>
    duty(r, {
      what: '提交变更备案',
      notes: [`这里按${short(r, r.day)}要变更算。规定是提前30日，不是变完以后30日内。`],
      late: '请尽快在当前接入商提交变更；新证件还没下来的，拿到后马上提交。',
    }),
  'ps-deadline': (r) =>
    duty(r, {
      what: '办公安联网备案',
      notes: [`这里按${short(r, r.day)}开通算；有的地方按拿到ICP备案号那天算，请按早的那天准备。`],
      late: '请尽快登录公安平台补交；已接到网安部门通知的，按通知的期限办。',
    }),
  'ps-app': (r) =>
    duty(r, {
      what: '办公安联网备案',
      notes: [`这里按${short(r, r.day)}开通算。`, 'App、小程序和网站分别登记；是否每个都要报，请向属地网安部门确认。'],
      late: '请尽快登录公安平台补交；已接到网安部门通知的，按通知的期限办。',
    }),
  'ps-number-display': (r) =>
    duty(r, {
      what: '把公安备案号挂到网页底部',
      notes: [`这里按${short(r, r.day)}公安备案审核通过算。`],
      late: '请尽快登录公安平台，复制编号、图标和代码挂上。',
    }),
  'license-time': licence,
  'license-change': (r) =>
    duty(r, {
      what: '申请许可证变更',
      notes: [
        `这里按${short(r, r.day)}办完工商登记算；合并分立、股东或业务范围变化，从公司作出决定那天算。`,
        '电信条例另写：变更经营主体、业务范围要提前90日申请，请先向发证机关问清。',
      ],
      late: '请尽快向原发证机关申请，并说明情况。',
    }),
  'license-renewal': (r) =>
    duty(r, {
      what: '申请许可证续期',
      notes: [`这里按${short(r, r.day)}到期算，到期日以证书上写的为准。`, '续期要有已开通业务的证明，材料请提前准备。'],
      late: '请马上联系原发证机关，问清还能不能办。',
    }),
};

const beginsAnew = '退回补正的，从重新提交、管局收到齐全材料起重新算。';

/** The administration's part. Whether the day is its own is said, when the customer's words leave it open. */
function review(r: Reckoning, latest: string): Wording {
  return {
    conclusion: `${atAdministration(r)}${latest}${date(r)}有结果${passed(r)}。`,
    counting: workdayCounting(r),
    notes: [...atProvider(r), ...restDayStart(r), beginsAnew, askStatus(r)],
  };
}

function cancellation(r: Reckoning): Wording {
  return {
    conclusion: `${atAdministration(r)}一般最晚${monthAndDay(usualDays(r)[1])}办完，最长到${date(r)}${passed(r)}。`,
    counting: workdayCounting(r),
    notes: [...atProvider(r), ...restDayStart(r), beginsAnew, askStatus(r)],
  };
}

/** From the provider to the result: a range, since only the administration's part has a legal limit. */
function wholeWay(r: Reckoning): Wording {
  const legal = short(r, lastDay(filingPeriods['review-time'], r.day));
  const open = r.start ? [] : [`如果${short(r, r.day)}已提交到管局，管局最晚应在${legal}有结果。`];
  return {
    conclusion: `从交给接入商算，顺利的${range(...usualDays(r))}有结果，慢的到${date(r)}${isEstimated(r) ? '' : '前后'}${passed(r)}。`,
    counting: `${startExcluded(r)}顺利的按5至10个工作日、慢的按23个工作日数：${skipped(r)}。`,
    notes: [...open, '这是估算，不是承诺；材料被退回的，要重新算。', askStatus(r)],
  };
}

function providerReview(r: Reckoning): Wording {
  return {
    conclusion: `接入商初审一般最晚${monthAndDay(usualDays(r)[1])}有结果，慢的到${date(r)}${passed(r)}。`,
    counting: `${startExcluded(r)}一般按1至2个工作日、慢的按5个工作日数：${skipped(r)}。`,
    notes: [
      `这里按${short(r, r.day)}提交给接入商算；资料退回修改的，重新算。`,
      '通过后报送管局可能再等1至3个工作日，管局的20个工作日从它收到齐全材料算。',
      r.overdue > 0 ? '请先联系接入商客服，再告诉我们订单状态。' : '请保持负责人电话畅通；到时没动静，请联系接入商客服。',
    ],
  };
}

function smsVerification(r: Reckoning): Wording {
  const again = '请到接入商后台重新提交，会再收到短信，审核也从重新提交起算。';
  return {
    conclusion:
      r.overdue > 0
        ? `24小时到${date(r)}的同一时刻为止，已经过了。`
        : `请在${r.overdue === 0 ? '今天，' : ''}${date(r)}的同一时刻以前完成短信核验。`,
    counting: `这里按${short(r, r.day)}收到短信算。24小时按钟点算，周末和节假日也不停。`,
    notes: [
      r.overdue > 0 ? `没核验的，申请会自动退回接入商。${again}` : `超过24小时，申请会自动退回接入商。那时${again}`,
      '首次备案的主体负责人和服务负责人都要核验；验证码不要发给任何人。',
    ],
  };
}

/** Waiting for the registrant's data to reach the filing system; here a day that has come is good news. */
function registrantWait(r: Reckoning, { earliest, counted, note }: { earliest: Day; counted: string; note: string }): Wording {
  const waited = r.overdue >= 0;
  return {
    conclusion: waited ? '到今天已经等够5个工作日，可以提交备案了。' : `最早${monthAndDay(earliest)}可以提交备案，稳妥的话等到${date(r)}。`,
    counting: `${startExcluded(r)}最早满${counted}，稳妥满5个工作日；数工作日时${skipped(r)}。`,
    notes: [
      note,
      '各接入商算法不同，以接入商提示为准。',
      ...(waited ? ['还提示查不到实名信息，请核对注册商后台是否“已通过”，再请接入商查同步情况。'] : []),
    ],
  };
}

/** The articles give 60 days without saying workdays; both are told, since the customer would plan by either. */
function licence(r: Reckoning): Wording {
  const { day: byWorkdays, estimated } = addWorkdays(r.day, r.period.most);
  const open = `60日从受理那天算；如果${short(r, r.day)}只是提交，一般5个工作日左右才知道是否受理。`;
  return {
    conclusion: `按受理后60日算，最晚应在${date(r)}作出决定${passed(r)}。`,
    counting: `${startExcluded(r)}按自然日数60天。条文没有写明是工作日；管局如果按工作日算，到${short(r, byWorkdays)}${estimated ? '前后' : ''}。`,
    notes: [
      ...(r.accepted ? [] : [open]),
      ...(r.overdue <= 0 && !isWorkday(r.last) ? [`${short(r, r.last)}是休息日，结果可能要到下一个工作日。`] : []),
      '补正材料的时间另计。',
      r.overdue > 0 ? '请向受理的管局询问进度。' : '到时还没有结果，请向受理的管局询问。',
    ],
  };
}

interface Duty {
  /** Where the period comes from, when it is only usual: 按常见的…算， */
  basis?: string;
  what: string;
  notes: string[];
  /** What to do when the day has passed. */
  late: string;
}

/** Something that the customer has to do in time. */
function duty(r: Reckoning, { basis = '', what, notes, late }: Duty): Wording {
  const due = r.overdue > 0 ? `最晚应在${date(r)}${what}，到今天已经晚了${r.overdue}天` : `最晚${date(r)}要${what}${passed(r)}`;
  return { conclusion: `${basis}${due}。`, counting: dutyCounting(r), notes: r.overdue > 0 ? [late, ...notes] : notes };
}

function dutyCounting(r: Reckoning): string {
  const { unit, most } = r.period;
  if (unit === 'workdays') return workdayCounting(r);
  const counted = unit === 'days' ? `${startExcluded(r)}往后数${most}天` : `从${short(r, r.day)}往前数${most}天`;
  return `${counted}，周末和节假日照算。${r.overdue > 0 ? '' : restDayEnd(r)}`;
}

/** A duty that ends on a day off is best done before it. */
function restDayEnd(r: Reckoning): string {
  if (isWorkday(r.last)) return '';
  let before = r.last;
  while (!isWorkday(before)) before = plusDays(before, -1);
  return `${short(r, r.last)}是休息日，${before < r.today ? '请尽快办' : `最好在${short(r, before)}或之前办完`}。`;
}

/** Opens a conclusion that holds only if the day is the administration's. */
function atAdministration(r: Reckoning): string {
  return r.start === 'administration' ? '管局' : `如果${short(r, r.day)}已提交到管局，`;
}

/** What holds if it is the provider's. */
function atProvider(r: Reckoning): string[] {
  if (r.start === 'administration') return [];
  return ['如果那天只是交给接入商，还要先过初审和短信核验，一般再晚几个工作日。'];
}

function restDayStart(r: Reckoning): string[] {
  if (isWorkday(r.day)) return [];
  return ['那天是休息日，管局要是下一个工作日才收到，就再晚1个工作日。'];
}

function askStatus({ overdue }: Reckoning): string {
  return `${overdue > 0 ? '' : '到时还没有结果，'}请先看接入商后台的订单状态，再把订单号告诉我们，转人工核实。`;
}

/** 9月25日当天不算，往后数20个工作日：周末、国庆节7天（10月1日至7日）不算，10月10日（星期六）补班要算。 */
function workdayCounting(r: Reckoning): string {
  return `${startExcluded(r)}往后数${r.period.most}个工作日：${skipped(r)}。`;
}

function startExcluded(r: Reckoning): string {
  return `${monthAndDay(r.day)}当天不算，`;
}

/** The days off and the make-up days between the start and the last day, which leave no doubt about the year. */
function skipped({ span }: Reckoning): string {
  const { holidays = [], makeUpDays = [] } = span ?? {};
  const off = holidays.map(({ name, first, last, days }) => `${name}${days}天（${range(first, last)}）`);
  const worked = makeUpDays.map((day) => `${monthAndDay(day)}（${weekday(day)}）`).join('、');
  const unworked = off.length > 0 ? `周末、${off.join('、')}不算` : '周末不算，其间没有节假日';
  return `${unworked}${worked && `，${worked}补班要算`}`;
}

function estimateNote(r: Reckoning): string {
  const years = estimatedYears(r).map((year) => `${year}年`);
  return years.length > 0 ? `${years.join('、')}的放假安排我这里还没有，先按周末和法定节日估算，可能差几天。` : '';
}

function estimatedYears(r: Reckoning): number[] {
  return workSpan(r)?.estimatedYears ?? [];
}

function isEstimated(r: Reckoning): boolean {
  return (r.span?.estimatedYears.length ?? 0) > 0;
}

/** The days that were counted by the work calendar; for a licence those of the second figure. */
function workSpan(r: Reckoning): Span | undefined {
  return r.period === filingPeriods['license-time'] ? spanBetween(r.day, addWorkdays(r.day, r.period.most).day) : r.span;
}

function usualDays({ period, day }: Reckoning): [Day, Day] {
  const [from, to] = period.usual ?? [period.most, period.most];
  return [addWorkdays(day, from).day, addWorkdays(day, to).day];
}

/** Ends a conclusion: nothing before the day, a word on it, the days since. */
function passed({ overdue }: Reckoning): string {
  if (overdue === 0) return '，也就是今天';
  return overdue > 0 ? `，到今天已经过了${overdue}天` : '';
}

/** The last day in full: 2026年11月30日（星期一）, hedged when estimated: …前后. */
function date(r: Reckoning): string {
  return `${yearOf(r.last)}年${monthAndDay(r.last)}（${weekday(r.last)}）${isEstimated(r) ? '前后' : ''}`;
}

/** 11月30日; with its year unless that is the current one. */
function short({ today }: Reckoning, day: Day): string {
  return yearOf(day) === yearOf(today) ? monthAndDay(day) : `${yearOf(day)}年${monthAndDay(day)}`;
}

/** 10月1日至7日, 9月28日至10月3日 */
function range(first: Day, last: Day): string {
  if (first === last) return monthAndDay(first);
  const sameMonth = first.slice(0, 7) === last.slice(0, 7);
  return `${monthAndDay(first)}至${sameMonth ? `${Number(last.slice(8))}日` : monthAndDay(last)}`;
}

function monthAndDay(day: Day): string {
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;
}

function weekday(day: Day): string {
  return `星期${'日一二三四五六'.charAt(weekdayOf(day))}`;
}

/** What the date rests on, worded as under the answers of the knowledge base. */
function provenance(r: Reckoning): string {
  const { sources, reviewed } = r.period;
  const notices = workSpan(r)?.notices.map(({ number, ...notice }) => cite({ ...notice, issuer: number })) ?? [];
  const estimate = estimatedYears(r).length > 0 ? [cite({ ...holidayRule, issuer: holidayRule.number })] : [];
  return restsOn([...sources.map(cite), ...notices, ...estimate], reviewed);
}
