import { describe, expect, it } from 'vitest';
import { asksForCase } from '../../../dialogs/cases.ts';
import { readIntent } from '../../../dialogs/intake/intent.ts';

describe('a wish to begin', () => {
  it.each([
    ['帮我备案', undefined],
    ['开始登记', undefined],
    ['开单', undefined],
    ['woyaobeian', undefined],
    ['我们公司要备案', undefined],
    ['你好，我想办个网站备案', undefined],
    ['我要办新增网站', 'add-service'],
    ['公司换法人了要改备案', 'change'],
    ['帮我把网站注销掉', 'cancel-service'],
    ['替我们申请icp许可证', 'license'],
    ['我个人网站要备案', undefined],
  ])('%s', (said, filingType) => {
    expect(readIntent(said)?.filingType).toBe(filingType);
    expect(readIntent(said)).toBeDefined();
  });
});

describe('no wish', () => {
  it.each([
    '只用来做邮箱的域名需要备案不',
    '用对象存储绑自定义域名要备案不',
    '网站突然打不开，跳出来一个提示说未备案',
    '填完执照号弹出来“主体已备案”',
    '我是法人，个人名下备的网站能变成自家公司的不，要注销不',
    '卖自己开发的软件订阅，到底算不算需要许可证',
    '一个云账号能帮几家公司办备案',
    '我想给网站办备案，第一步干嘛第二步干嘛',
    '法务要我列出备案相关的法规清单，帮我列下',
    '忘了续费域名掉了，原来的备案号还在不在',
    '招标代理合同要到住建局备案不',
    '换云厂商要重新备案吗',
    '备案后要改什么',
  ])('%s', (said) => {
    expect(readIntent(said)).toBeUndefined();
  });
});

it.each(['办理进度', '查一下我的案件', '案件状态', 'chajindu', '我上次登记的怎么样了', '我的备案到哪了'])(
  '%s asks how a case stands',
  (said) => {
    expect(asksForCase(said)).toBe(true);
  },
);

it.each(['备案进度怎么查', '管局审核到哪一步了能查吗', '别人的备案怎么查'])('%s does not', (said) => {
  expect(asksForCase(said)).toBe(false);
});
