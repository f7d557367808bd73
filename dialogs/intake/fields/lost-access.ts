import { refused } from '../../../knowledge/entities/result.ts';
import { lostAccessKinds } from '../../../knowledge/filing/kinds.ts';
import type { Option } from '../field.ts';
import { choice, optionsFrom, yesOrNo } from './choice.ts';
import { readMobiles } from './contact.ts';
import { type FieldTable, forPerson, readAs } from './reading.ts';

const lostOptions: Option[] = optionsFrom(lostAccessKinds, {
  'filing-password': {
    words: ['密码忘了', '备案密码', '忘记密码', '找回密码', '密码', '密码找回'],
    remark: { code: 'password-abolished' },
  },
  'provider-account': {
    words: ['账号登不上', '登不上', '云账号', '账号密码', '登录不了', '登不进去', '账号忘了', '进不去后台'],
    remark: { code: 'provider-account' },
  },
  'leader-mobile': {
    words: ['收不到短信', '手机停用', '手机号换了', '换手机号', '手机号', '手机号停了', '短信收不到', '没有短信', '停机'],
  },
  'provider-unknown': { words: ['找不到接入商', '不知道接入商', '接入商忘了', '当年的接入商', '不知道在哪家', '接入商'] },
  'old-process': forPerson('old-process', { words: ['还要密码', '要求密码', '别人要密码', '还要备案密码', '对方要密码'] }),
});

const employedOptions = yesOrNo(
  { label: '还在职', words: ['在职', '在', '还在', '在的', '本人就是我', '就是我', '是我'] },
  { label: '已离职或联系不上', words: ['离职', '已离职', '不在', '离职了', '走了', '联系不上', '不在了', '不在职'] },
  { label: '不清楚' },
);

const logInOptions = yesOrNo(
  { label: '能登录', words: ['能登', '登得上', '可以登录', '登得进去'] },
  { label: '登不上', words: ['不能登录', '登不了', '登不进', '不能登', '登录不了', '没有账号', '没账号'] },
  { label: '不清楚' },
);

/** A password, an account or a phone that is lost. No password and no code is asked for, ever. */
export const lostAccessFields = {
  lostAccess: {
    label: '遇到的情况',
    names: ['情况', '问题'],
    ask: '是哪一种情况？请不要发任何密码或验证码。',
    why: '备案密码2020年8月起已经取消，真正卡住的多半是别的，各有各的办法。',
    example: '备案手机停用、收不到短信',
    options: lostOptions,
    read: choice(lostOptions),
  },
  leaderEmployed: {
    label: '原负责人是否在职',
    names: ['负责人是否在职', '原负责人'],
    ask: '备案里登记的负责人还在单位吗？',
    why: '本人在，换手机号就行；不在了，要换负责人。个人备案请答“在”。',
    example: '还在职',
    options: employedOptions,
    read: choice(employedOptions),
  },
  newMobile: {
    label: '新手机号',
    names: ['新号码', '新手机', '新的手机号'],
    ask: '以后用哪个手机号接收核验短信？',
    why: '变更后核验短信会发到这个号码，要由负责人本人使用。',
    example: '13900139000',
    read: (typed) => {
      const mobile = readMobiles(typed);
      if (!mobile.ok) return mobile;
      return mobile.value.emergency === undefined
        ? readAs(mobile.value.number, { remarks: mobile.value.remarks })
        : refused({ code: 'several-values', count: 2 });
    },
    privacy: 'personal',
  },
  canLogIn: {
    label: '能否登录接入商后台',
    names: ['能不能登录', '后台登录'],
    ask: '接入商的后台现在能登录吗？',
    why: '能登录就可以自己提交变更；登不上要准备证件和盖章声明，请接入商人工处理。',
    example: '能登录',
    options: logInOptions,
    read: choice(logInOptions),
  },
} satisfies FieldTable;
