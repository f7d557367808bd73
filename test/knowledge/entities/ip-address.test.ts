import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findIpAddresses, parseIpAddresses } from '../../../knowledge/entities/ip-address.ts';
import { hostileText } from './hostile-text.ts';

const read = (typed: string) => {
  const result = parseIpAddresses(typed);
  return result.ok ? result.value : result.problem;
};

describe('IP addresses', () => {
  it.each([
    ['47.96.12.34', ['47.96.12.34']],
    ['４７．９６．１２．３４', ['47.96.12.34']],
    ['47。96。12。34', ['47.96.12.34']],
    ['IP：47.96.12.34。', ['47.96.12.34']],
    ['ip:47.96.12.34:8080', ['47.96.12.34']],
    ['http://47.96.12.34/index', ['47.96.12.34']],
    ['47.96.12.34、47.96.12.35 47.96.12.34', ['47.96.12.34', '47.96.12.35']],
    ['47.96.12.34-47.96.12.40', ['47.96.12.34-47.96.12.40']],
    ['47.96.12.34 至 47.96.12.40', ['47.96.12.34-47.96.12.40']],
    ['47.96.12.34～40', ['47.96.12.34-47.96.12.40']],
    ['47.96.12.34-47.96.12.34', ['47.96.12.34']],
    ['47.96.12.32/29', ['47.96.12.32-47.96.12.39']],
    ['IPv6：2400:3200:0:0::1', ['2400:3200::1']],
    ['2400:3200::1-2400:3200::f', ['2400:3200::1-2400:3200::f']],
    ['100.63.255.255', ['100.63.255.255']],
    ['172.32.0.1', ['172.32.0.1']],
    ['223.255.255.255', ['223.255.255.255']],
  ])('%s: %j', (typed, addresses) => {
    expect(read(typed)).toEqual(addresses);
  });

  it.each(
    '0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 169.254.1.1 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.9 224.0.0.1 255.255.255.255 2001:db8::1 fe80::1 fc00::1 ::1'.split(
      ' ',
    ),
  )('%s is not public', (typed) => {
    expect(read(typed)).toEqual({ code: 'ip-not-public', typed });
  });

  it.each([
    ['没有', { code: 'ip-format' }],
    ['256.1.1.1', { code: 'ip-format', typed: '256.1.1.1', part: '256' }],
    ['47.096.12.34', { code: 'ip-format', typed: '47.096.12.34', part: '096' }],
    ['47.96.12.34 和 47.96.12.345', { code: 'ip-format', typed: '47.96.12.345', part: '345' }],
    ['47.96.12', { code: 'ip-format' }],
    ['47.96.12.40-47.96.12.34', { code: 'ip-range', typed: '47.96.12.40-47.96.12.34' }],
    ['9.255.255.0-10.0.0.1', { code: 'ip-not-public', typed: '10.0.0.1' }],
    ['192.0.1.0-192.0.3.0', { code: 'ip-not-public', typed: '192.0.2.0' }],
    ['47.0.0.0/8', { code: 'ip-range', typed: '47.0.0.0/8' }],
  ])('%s: %j', (typed, problem) => {
    expect(read(typed)).toEqual(problem);
  });

  it('are read again from what was read', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.nat(200), (from, more) => {
        const result = parseIpAddresses(`服务器：${from}`);
        if (result.ok) expect(read(result.value.join(','))).toEqual(result.value);
        const last = Number(from.split('.').at(-1));
        const range = parseIpAddresses(`${from}-${Math.min(255, last + more)}`);
        if (range.ok) expect(read(range.value.join(','))).toEqual(range.value);
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const result = parseIpAddresses(address);
        if (result.ok) expect(read(result.value.join(','))).toEqual(result.value);
      }),
    );
  });

  it('never throw', () => {
    fc.assert(
      fc.property(hostileText('0125.:/~-af至'), (text) => {
        parseIpAddresses(text);
        for (const { start, end } of findIpAddresses(text)) expect(start < end && end <= text.length).toBe(true);
      }),
    );
  });
});
