import { startTestApplication, type TestApplication } from './application.ts';
import { agencyAccount, agencyApp, agencyCustomerService } from './wechat/example-accounts.ts';
import {
  type CustomerService,
  type Follower,
  type KfCustomer,
  type Member,
  type OfficialAccount,
  startWeChat,
  type WeChat,
  type WeChatOptions,
  type WecomApp,
} from './wechat/index.ts';

export interface WeChatBench {
  wx: WeChat;
  bot: TestApplication;
  oa: OfficialAccount;
  wecom: WecomApp;
  kf: CustomerService;
  /** Somebody new: who follows the account, is a member of the corporation, or writes to customer service. */
  follower(): Follower;
  member(): Member;
  customer(): KfCustomer;
  stop(): Promise<void>;
}

export type BenchOptions = WeChatOptions & {
  environment?: Record<string, string>;
  account?: Partial<Parameters<WeChat['officialAccount']>[0]>;
};

/** What the bot has to know of the accounts of the agency. */
export function weChatEnvironment(origin: string): Record<string, string> {
  return {
    WECHAT_API_ORIGIN: origin,
    WECOM_API_ORIGIN: origin,
    WECHAT_OA_APP_ID: agencyAccount.appId,
    WECHAT_OA_ID: agencyAccount.ghId,
    WECHAT_OA_SECRET: agencyAccount.secret,
    WECHAT_OA_TOKEN: agencyAccount.token,
    WECHAT_OA_AES_KEY: agencyAccount.aesKey,
    WECOM_CORP_ID: agencyApp.corpId,
    WECOM_AGENT_ID: String(agencyApp.agentId),
    WECOM_SECRET: agencyApp.secret,
    WECOM_TOKEN: agencyApp.token,
    WECOM_AES_KEY: agencyApp.aesKey,
    WECHAT_KF_CORP_ID: agencyCustomerService.corpId,
    WECHAT_KF_ACCOUNTS: agencyCustomerService.openKfId,
    WECHAT_KF_SECRET: agencyCustomerService.secret,
    WECHAT_KF_TOKEN: agencyCustomerService.token,
    WECHAT_KF_AES_KEY: agencyCustomerService.aesKey,
  };
}

/** The accounts of the agency in WeChat, with their callbacks at a bot. */
export function accountsFor(wx: WeChat, botUrl: string, account: BenchOptions['account'] = {}) {
  const callback = (channel: string) => new URL(`/wechat/${channel}`, botUrl);
  return {
    oa: wx.officialAccount({ ...agencyAccount, callback: callback('official-account'), ...account }),
    wecom: wx.wecomApp({ ...agencyApp, callback: callback('wecom') }),
    kf: wx.customerService({ ...agencyCustomerService, callback: callback('customer-service') }),
  };
}

/** The bot with its accounts in WeChat, and WeChat on the other side. Its five seconds are one second here. */
export async function startWeChatBench({ environment = {}, account = {}, ...options }: BenchOptions = {}): Promise<WeChatBench> {
  const wx = await startWeChat({ scale: 1 / 5, ...options });
  const bot = await startTestApplication({ ...weChatEnvironment(wx.origin), ...environment });
  const accounts = accountsFor(wx, `http://127.0.0.1:${bot.port}`, account);
  let people = 0;
  const next = (kind: string) => {
    people += 1;
    return `${kind}-${people}`;
  };
  return {
    wx,
    bot,
    ...accounts,
    follower: () => accounts.oa.user(next('oFollower')),
    member: () => accounts.wecom.user(next('member')),
    customer: () => accounts.kf.customer(next('wmCustomer')),
    stop: async () => {
      await bot.stop();
      await wx.stop();
    },
  };
}
