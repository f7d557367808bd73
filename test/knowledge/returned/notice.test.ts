import { describe, expect, it } from 'vitest';
import { causes } from '../../../knowledge/returned/causes.ts';
import { decodeNotice, isNotice } from '../../../knowledge/returned/notice.ts';
import { realKnowledge } from '../../support/knowledge.ts';
import { type NoticesPart, readNotices } from './notices.ts';

const { entries } = realKnowledge();
const { dev, heldOut } = readNotices();
const idsIn = (text: string) => decodeNotice(text).causes.map(({ id }) => id);

/** The share of notices of which exactly the labelled causes are named. */
function accuracy({ notices }: NoticesPart): number {
  const right = notices.filter(({ said, causes: wanted }) => idsIn(said).sort().join() === [...wanted].sort().join());
  return right.length / notices.length;
}

/** The share of notices, decodable or not, that are taken for notices. */
function recall({ notices, unknown }: NoticesPart): number {
  const all = [...notices.map(({ said }) => said), ...unknown];
  return all.filter(isNotice).length / all.length;
}

describe('decoding returned notices', () => {
  it('names exactly the causes of the labelled notices', () => {
    expect(accuracy(dev)).toBeGreaterThanOrEqual(0.95);
    expect(accuracy(heldOut)).toBeGreaterThanOrEqual(0.85);
  });

  it('recognizes most of them as notices, though some are as short as a chat message', () => {
    expect(recall(dev)).toBeGreaterThanOrEqual(0.9);
    expect(recall(heldOut)).toBeGreaterThanOrEqual(0.85);
  });

  it('takes no question and no chat message for a notice', () => {
    expect([...dev.others, ...heldOut.others].filter(isNotice)).toEqual([]);
  });

  it('names no cause where none is said', () => {
    expect([...dev.unknown, ...heldOut.unknown].filter((text) => idsIn(text).length > 0).length).toBeLessThanOrEqual(1);
  });

  it('leaves the phrasings of the FAQ to the FAQ, but for those worded like a notice', () => {
    const phrasings = entries.flatMap(({ question, phrasings: others }) => [question, ...others]);
    const sample = phrasings.filter((_, at) => at % 10 === 0);
    expect(sample.filter(isNotice).length / sample.length).toBeLessThan(0.005);
  });

  it('is tested on enough notices of every kind', () => {
    const all = [...dev.notices, ...heldOut.notices];
    expect(all.length).toBeGreaterThanOrEqual(150);
    expect(all.filter(({ causes: several }) => several.length > 1).length).toBeGreaterThanOrEqual(30);
    expect(dev.unknown.length + heldOut.unknown.length).toBeGreaterThanOrEqual(20);
    expect(dev.others.length + heldOut.others.length).toBeGreaterThanOrEqual(60);
    expect(new Set(all.flatMap(({ causes: ids }) => ids))).toEqual(new Set(causes.map(({ id }) => id)));
  });

  it.each([
    '域名已实名认证，持有人与主体一致',
    '授权书已上传并加盖公章',
    '身份证照片清晰，无反光、无遮挡',
    '不存在重复提交',
    '主体未列入黑名单',
    '未发现违法违规内容',
    '您的备案已提交管局，请在24小时内完成短信核验。',
    '请保持电话畅通',
    '请确保网站可以打开',
  ])('finds no fault in: %s', (text) => {
    expect(idsIn(text)).toEqual([]);
  });

  it('takes a question under a pasted reason for a notice, and one without a reason for none', () => {
    expect(isNotice('退回原因：域名未实名认证。这个怎么改？')).toBe(true);
    expect(isNotice('审核结果：什么时候出来')).toBe(false);
    expect(isNotice('退回原因：1、其他')).toBe(true);
  });

  it('takes no approval for a rejection', () => {
    expect(isNotice('尊敬的用户，您的备案申请已通过审核，请在网站底部悬挂备案号')).toBe(false);
  });

  it('leaves out the advice that stands under every notice', () => {
    expect(idsIn('退回原因：域名未实名认证。温馨提示：身份证照片不清晰、电话无法接通也会被退回。')).toEqual(['domain-not-verified']);
  });

  it('says who returned it and in which province', () => {
    expect(decodeNotice('浙江省通信管理局退回：网站名称不规范')).toMatchObject({ by: 'administration', province: '33' });
    expect(decodeNotice('初审驳回：粤ICP备00000000号-2网站无法访问')).toMatchObject({ by: 'provider', province: '44' });
    expect(decodeNotice('网站名称不规范')).not.toHaveProperty('by');
  });

  it('names the field of the leader that the notice speaks of', () => {
    expect(decodeNotice('网站负责人手机无法接通').causes[0]?.field).toBe('serviceLeader.mobile');
    expect(decodeNotice('主体负责人手机无法接通').causes[0]?.field).toBe('filerLeader.mobile');
  });

  it('starts the clock again where the notice came from', () => {
    const restarts = (text: string) => decodeNotice(text).causes.map((cause) => cause.restarts);
    expect(restarts('管局退回：网站名称不规范')).toEqual(['administration']);
    expect(restarts('接入商初审驳回：网站名称不规范')).toEqual(['provider']);
    expect(restarts('短信核验超时，系统自动退回')).toEqual(['provider']);
    expect(restarts('存在在途订单，无法提交')).toEqual(['none']);
    expect(restarts('通知：请于2026年12月1日前整改，网站未悬挂备案号，逾期将注销备案')).toEqual(['none']);
  });

  it('reads long and senseless texts quickly', () => {
    const start = performance.now();
    for (const text of ['域名'.repeat(2000), '未'.repeat(4000), `退回原因：${'网站备案号名称无'.repeat(500)}`]) {
      isNotice(text);
      decodeNotice(text);
    }
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe('the table of causes', () => {
  it('has ids of its own and topics that the FAQ has', () => {
    const topics = new Set(entries.map(({ id }) => id));
    expect(new Set(causes.map(({ id }) => id)).size).toBe(causes.length);
    expect(causes.filter(({ topic }) => !topics.has(topic)).map(({ id, topic }) => `${id}: ${topic}`)).toEqual([]);
  });

  it('tells in whole sentences what to do', () => {
    expect(causes.filter(({ remedy }) => !/。$/.test(remedy)).map(({ id }) => id)).toEqual([]);
    expect(causes.filter(({ title, look }) => /。/.test(title + look)).map(({ id }) => id)).toEqual([]);
  });
});
