import { describe, expect, it } from 'vitest';
import { answerNotice } from '../../dialogs/returned-notice.ts';
import { causes } from '../../knowledge/returned/causes.ts';
import { reviewed } from '../../knowledge/returned/sources.ts';

const cause = (id: string) => causes.find((one) => one.id === id);

describe('the answer to a pasted rejection', () => {
  it('begins with the causes, and tells of each where to look, what to do and what to prepare', () => {
    const { text = '', topics = [], causes: count } = answerNotice('管局退回：1.域名未实名认证；2.营业执照照片模糊') ?? {};
    expect(count).toBe(2);
    expect(text).toMatch(/^\*\*这次被管局退回，我认出2个原因：.+；.+。\*\*/u);
    for (const id of ['domain-not-verified', 'photo-unclear']) {
      expect(text).toContain(cause(id)?.title);
      expect(text).toContain(`看哪里：${cause(id)?.look}`);
      expect(text).toContain(`怎么改：${cause(id)?.remedy}`);
      expect(text).toContain(`准备什么：${cause(id)?.documents?.join('；')}`);
    }
    expect(topics).toEqual(['domain-realname', 'reject-photo']);
  });

  it('says that the administration’s 20 workdays count anew, after the provider and the SMS', () => {
    const { text = '' } = answerNotice('管局审核意见：网站名称不规范') ?? {};
    expect(text).toMatch(/接入商初审和短信核验.*20个工作日.*重新计算/u);
  });

  it('says that the administration had not begun when the SMS was missed', () => {
    expect(answerNotice('退回原因：短信核验超时')?.text).toContain('管局审核开始之前');
  });

  it('warns against sending it again where that does not help', () => {
    expect(answerNotice('退回原因：主体被列入黑名单')?.text).toContain('不要急着重新提交');
  });

  it('tells a check of filings in force from a returned application', () => {
    const { text = '' } = answerNotice('通知：请于2026年12月1日前整改，网站未悬挂备案号，逾期将注销备案') ?? {};
    expect(text).toContain('核查通知');
    expect(text).not.toContain('20个工作日');
  });

  it('becomes a list when there are many causes', () => {
    const { text = '' } = answerNotice('退回：1.域名过期 2.身份证过期 3.网站未关闭 4.公章不清晰 5.备注过于简单') ?? {};
    expect(text.split('\n').filter((line) => /^\d\. /.test(line))).toHaveLength(5);
    expect(text.length).toBeLessThan(700);
  });

  it('names the administration of the province', () => {
    expect(answerNotice('浙江省通信管理局退回：网站名称不规范')?.text).toContain('浙江省通信管理局](https://');
  });

  it('ends with sources and the day of the last check', () => {
    expect(answerNotice('退回原因：域名未实名认证')?.provenance).toMatch(new RegExp(`^依据：.+核对日期：${reviewed}`, 's'));
  });

  it('has no cause for a notice that it cannot decode, so that a person gets it', () => {
    expect(answerNotice('退回原因：按会议纪要第三条执行')).toMatchObject({ causes: 0, topics: [] });
  });

  it.each(['备案被驳回怎么办', '管局退回要多久', '域名过期了还能备案吗', '你好'])('is none for what is no notice: %s', (text) => {
    expect(answerNotice(text)).toBeUndefined();
  });
});
