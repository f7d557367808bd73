import { type ErrorClass, errorClassOf, type Family } from './error-codes.ts';

const byCode: Record<Family, Record<number, string>> = {
  'official-account': {
    40001: 'The AppSecret, WECHAT_OA_SECRET, is wrong or was reset: copy it from 开发接口管理.',
    40013: 'The AppID, WECHAT_OA_APP_ID, is wrong: copy it from 开发接口管理.',
    40125: 'The AppSecret, WECHAT_OA_SECRET, is wrong or was reset: copy it from 开发接口管理.',
    40164: 'The address of this machine is not on the list: add it to IP白名单 in 开发接口管理; the message above names it.',
    61004: 'The address of this machine is not on the list: add it to IP白名单 in 开发接口管理.',
    40243: 'The AppSecret is frozen: an administrator of the account unfreezes it in 开发接口管理.',
    48001: 'The account has no right to this: only verified accounts may. Set WECHAT_OA_VERIFIED=no, or have the account verified (认证).',
    48004: 'The right was taken away for a breach of rules: the notices of the account (通知中心) say which.',
    40200: 'The kind of account does not allow it: set WECHAT_OA_VERIFIED=no.',
    89503: 'The first call from this address waits for an administrator of the account, who got a message in WeChat.',
    89506: 'An administrator refused this address; ask them to allow it, and wait 24 hours.',
    89507: 'An administrator refused this address; ask them to allow it, and wait an hour.',
  },
  work: {
    40001: 'The Secret is wrong: copy it from the page of the app, or of 微信客服.',
    40013: 'The corp id is wrong: copy it from 我的企业.',
    40056: 'The AgentId, WECOM_AGENT_ID, is wrong: copy it from the page of the app.',
    40091: 'The Secret is wrong: copy it from the page of the app, or of 微信客服.',
    41004: 'The Secret is missing.',
    48002: 'The app may not call this: for customer service, add it to 可调用接口的应用 on the page of 微信客服.',
    60011: 'The app may not see these people: widen its 可见范围.',
    60020: 'The address of this machine is not trusted: add it to 企业可信IP on the page of the app.',
    95000: 'There is no such account of customer service: correct WECHAT_KF_ACCOUNTS.',
    95004: 'There is no such account of customer service: correct WECHAT_KF_ACCOUNTS.',
    95014: 'The agent has never signed in to WeCom: they sign in once.',
    95017: 'The API of customer service is switched off: switch it on on the page of 微信客服 (通过API管理微信客服帐号).',
  },
};

const byClass: Record<ErrorClass, string> = {
  token: 'The access token was refused: does another program of yours ask for tokens of this account in the old way? It replaces ours.',
  busy: 'The platform is busy: try again in a minute.',
  rate: 'Too many calls in a minute: wait a minute.',
  'daily-limit': 'As many calls as are allowed in a day were made: it ends at midnight in China.',
  'window-closed': 'The customer has not written for too long.',
  'quota-used': 'As many messages as are allowed were sent since the customer wrote.',
  unreachable: 'There is no such person, or they do not follow the account.',
  session: 'A person has the customer inside WeChat.',
  content: 'The platform does not take it: the number in the platform’s list of return codes says why.',
  media: 'The platform does not take, or no longer has, the file.',
  account: 'The account may not do this: look at its page in the back end.',
};

/** What an operator is to do about a return code. */
export function advice(family: Family, code: number): string {
  return byCode[family][code] ?? byClass[errorClassOf(family, code)];
}
