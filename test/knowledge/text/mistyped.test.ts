import { describe, expect, it } from 'vitest';
import { knowledgeFiles } from '../../../bot/paths.ts';
import { readKnowledge } from '../../../knowledge/read-knowledge.ts';
import { oftenMistyped, withoutMistypings } from '../../../knowledge/text/mistyped.ts';
import { normalize } from '../../../knowledge/text/normalize.ts';
import { loadSegment } from '../../../knowledge/text/segment.ts';

const segment = loadSegment(knowledgeFiles);
const repaired = (text: string) => withoutMistypings(text, segment);

const typed: Record<string, string> = {
  备案: '备按',
  域名: '域明',
  网站: '网占',
  密码: '蜜码',
  主体: '主嚏',
  接入: '接如',
  变更: '变庚',
  注销: '注肖',
  审核: '审合',
  初审: '初申',
  核验: '核宴',
  短信: '短芯',
  实名: '实铭',
  认证: '任证',
  驳回: '驳汇',
  收费: '收废',
  费用: '废用',
  期限: '期线',
  年审: '年申',
  年检: '年捡',
  年报: '年暴',
  续期: '序期',
  过期: '过琪',
  到期: '倒期',
  材料: '才料',
  备注: '备住',
  法人: '法仁',
  幕布: '幕步',
  冲突: '冲凸',
  空壳: '空克',
  公安: '公按',
  管局: '管菊',
  代办: '代半',
  域名证书: '域明证书',
  备案号: '备按号',
  备案密码: '备案密马',
  服务器: '服物器',
  服务商: '服物商',
  接入商: '接入伤',
  云服务器: '云服物器',
  许可证: '许可正',
  经营许可证: '经营许可政',
  小程序: '小程续',
  负责人: '负责仁',
  授权书: '受权书',
  承诺书: '成诺书',
  营业执照: '营业直照',
  身份证: '身分证',
  居住证: '居住政',
  主体冲突: '主题冲突',
  域名冲突: '域明冲突',
  主体负责人: '主体付责人',
  网站负责人: '网站负泽人',
  法定代表人: '法定代表仁',
  通信管理局: '通信管理菊',
  工信部: '公信部',
  人脸识别: '人脸识憋',
  手机号: '手击号',
  验证码: '验正码',
  有效期: '有效起',
  个体户: '个体护',
  工商户: '工商护',
  前置审批: '前至审批',
};

describe('mistyped words of the trade', () => {
  it('each own a test', () => {
    expect(Object.keys(typed)).toEqual(oftenMistyped.split(' '));
  });

  it.each(Object.entries(typed))('%s typed as %s is put right', (word, wrong) => {
    expect(repaired(wrong)).toBe(word);
    expect(repaired(`我的${wrong}怎么弄`)).toBe(`我的${word}怎么弄`);
  });

  it('are put right several in one message', () => {
    expect(repaired('域明在一家,服物器在另一家,去哪家被案')).toBe('域名在一家,服务器在另一家,去哪家备案');
  });

  it.each([
    '我是名学生',
    '主体、网站、接入三类信息',
    '备案好以后域名才过期',
    '包年包月',
    '公司主销农产品',
    '注销要短信验证吗',
    '许可整套下来',
    '网站被注销',
    '这个事件的主题',
  ])('are not seen in %s', (text) => {
    expect(repaired(text)).toBe(text);
  });

  it('are not in what editors wrote as it should be', () => {
    const { entries } = readKnowledge(knowledgeFiles);
    const written = entries.flatMap(({ question, keywords, answer }) => [question, ...keywords, ...answer.split('\n')]).map(normalize);
    expect(written.filter((text) => repaired(text) !== text)).toEqual([]);
  });
});
