import { type BusinessHours, inChina, nextOpening, type Period } from '../knowledge/calendar/business-hours.ts';
import { weekdayOf } from '../knowledge/calendar/days.ts';

// What the bot says on the way to a person and back.

export const personLabel = '转人工';
export const leaveQueueLabel = '不等了';
export const waitOnLabel = '继续等';
export const ratingLabels = { good: '满意', fair: '一般', bad: '不满意' } as const;
export const ratingInvitation = '这次人工服务您满意吗？';

/** `waitMinutes`: left out where nothing is known to go by. */
export function queued(position: number, waitMinutes: number | undefined): string {
  return `好的，正在为您转接客服。${place(position, waitMinutes)}\n\n等待时可以继续问我；不想等了，请发“${leaveQueueLabel}”。`;
}

export function stillQueued(position: number, waitMinutes: number | undefined): string {
  return `还在为您转接。${place(position, waitMinutes)}`;
}

function place(position: number, waitMinutes: number | undefined): string {
  const wait = waitMinutes === undefined ? '' : `，估计还要等 ${waitMinutes} 分钟左右`;
  return position <= 1 ? `您排在最前面${wait}。` : `您排在第 ${position} 位${wait}。`;
}

export function outOfHours(hours: BusinessHours, now: number): string {
  const opening = nextOpening(hours, now);
  const next = opening === undefined ? '' : `，下次上班是${openingText(opening, now)}`;
  return `现在不是客服的上班时间（${hoursText(hours)}）${next}。`;
}

export function nobodyOnDuty(contact: string | undefined): string {
  return contact ? `现在没有客服在线，也可以直接联系：${contact}` : '现在没有客服在线。';
}

export const leaveMessage = '请留下手机号或微信号，要办的事可以写在一起，我们会尽快联系您；不留请发“取消”。';

export const timedOut = '抱歉，让您久等了，客服还没能接入。您的请求已经记下，客服会在这里回复您；也可以留下联系方式，由我们联系您。';
export const unanswered = '抱歉让您久等，刚才的客服暂时走不开，正在为您换一位。';

export function transferred(agent: string | undefined): string {
  return `正在为您转接${agent ?? '另一位客服'}，请稍等。`;
}

export const leftQueue = '好的，不转接了。有问题请继续问我。';

export function accepted(agent: string): string {
  return `您好，我是客服${agent}，由我为您服务。`;
}

export const completed = '本次人工服务已结束。我是备案助手，有问题请继续问我。';

export function thanksForRating(rating: keyof typeof ratingLabels): string {
  return rating === 'good' ? '谢谢您的评价！' : '谢谢您的评价，我们会改进。';
}

/** 周一至周五 9:00–12:00、13:30–18:00；周六 10:00–16:00. Public holidays are closed. */
export function hoursText({ week }: BusinessHours): string {
  const fromMonday = [1, 2, 3, 4, 5, 6, 0].map((weekday) => ({ weekday, text: periodsText(week[weekday] ?? []) }));
  const runs: { first: number; last: number; text: string }[] = [];
  for (const { weekday, text } of fromMonday) {
    const run = runs.at(-1);
    if (run && run.text === text) run.last = weekday;
    else runs.push({ first: weekday, last: weekday, text });
  }
  return runs
    .filter(({ text }) => text !== '')
    .map(({ first, last, text }) => `${first === last ? weekdays[first] : `${weekdays[first]}至${weekdays[last]}`} ${text}`)
    .join('；');
}

const weekdays = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'] as const;

function periodsText(periods: readonly Period[]): string {
  return periods.map(({ from, to }) => `${timeText(from)}–${timeText(to)}`).join('、');
}

function timeText(minute: number): string {
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`;
}

function openingText(opening: number, now: number): string {
  const { day, minute } = inChina(opening);
  const time = timeText(minute);
  if (day === inChina(now).day) return `今天 ${time}`;
  const [, month, date] = day.split('-').map(Number);
  return `${month}月${date}日（${weekdays[weekdayOf(day)]}）${time}`;
}
