import { findDates } from '../../../knowledge/entities/date.ts';
import { parseIpAddresses } from '../../../knowledge/entities/ip-address.ts';
import { provinceOf, provinces } from '../../../knowledge/entities/province.ts';
import type { ReadContext, Reading } from '../field.ts';
import { extended, type FieldTable, provinceIn, readAs, readText, saysNothing, saysUnsure } from './reading.ts';

/** Where the service runs (接入信息). */
export const accessFields = {
  serviceCode: {
    label: '服务器实例或备案服务码',
    names: ['服务码', '备案服务码', '授权码', '备案授权码', '实例', '实例ID', '服务器实例', '服务号码'],
    ask: '请发服务器的实例ID，或接入商给的备案服务码（授权码）。还没有就说“还没有”。',
    why: '接入商靠它确认您在他们家有服务器，没有就不能提交。不要发云账号和密码。',
    example: 'i-0a1b2c3d4e5f',
    read: readServiceCode,
    freeText: true,
    show: (value) => (value === 'none' ? '还没有' : value),
  },
  serverTerm: {
    label: '服务器付费方式和到期日',
    names: ['服务器到期日', '服务器期限', '付费方式', '服务器到期时间'],
    ask: '服务器是包年包月吗？到哪天？',
    why: '多数接入商要求包年包月、剩余时间足够，按量付费和试用的不能备案。',
    example: '包年，2028-05-01到期',
    read: readTerm,
    optional: true,
    freeText: true,
  },
  ips: {
    label: '服务器IP',
    names: ['IP', 'IP地址', '公网IP', '服务器IP地址'],
    ask: '服务器的公网IP是多少？有几个都发来。',
    why: '要登记网站放在哪些IP上，接入商会核对是不是自家的。',
    example: '47.96.12.34',
    read: (typed) => {
      const parsed = parseIpAddresses(typed);
      return parsed.ok ? readAs(parsed.value.join(',')) : parsed;
    },
    show: (value) => value.replaceAll(',', '、'),
  },
  serverLocation: {
    label: '服务器放置地',
    names: ['服务器位置', '机房', '机房位置', '服务器在哪里', '服务器地区'],
    ask: '服务器在哪个省？可以和备案的省不同。',
    why: '备案表里要登记服务器放在哪里，必须在境内。',
    example: '浙江',
    read: readLocation,
    optional: true,
    show: (code) => (provinces.some((province) => province.code === code) ? provinceOf(code).name : '境外或港澳台'),
  },
} satisfies FieldTable;

function readServiceCode(typed: string): Reading {
  if (typed === 'none' || saysNothing(typed) || saysUnsure(typed)) return readAs('none', { remarks: [{ code: 'service-code-needed' }] });
  const code = typed.replace(/^.*(?:服务码|授权码|实例(?:ID|名称?|号)?|instance)\s*(?:是|为)?\s*[:：]?/iu, '').replace(/[\s\p{Cf}]+/gu, '');
  return readText(code, 2, 200);
}

function readTerm(typed: string, { today }: ReadContext): Reading {
  const [date] = findDates(typed, today, { lean: 'future' });
  return extended(readText(typed, 2, 100), () => ({
    remarks: [
      /按量|试用|按小时|免费/.test(typed) ? { code: 'server-not-prepaid' } : undefined,
      date && Date.parse(date.day) - Date.parse(today) < 90 * 86_400_000 ? { code: 'server-ends-soon', day: date.day } : undefined,
    ],
  }));
}

function readLocation(typed: string): Reading {
  if (provinces.some(({ code }) => code === typed)) return readAs(typed);
  const province = provinceIn(typed);
  if (province.ok) return readAs(province.value);
  if (typed !== 'outside' && province.problem.code !== 'province-outside') return province;
  return readAs('outside', { remarks: [{ code: 'needs-person', because: 'overseas-server' }] });
}
