import { startTestApplication, type TestApplication } from './application.ts';
import { type Follower, type OfficialAccount, startWeChat, type WeChat, type WeChatOptions } from './wechat/index.ts';

export const officialAccountCredentials = {
  appId: 'wxb11529c136998cb6',
  ghId: 'gh_agency',
  secret: 'secret-of-the-official-account',
  token: 'pamtest',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
};

export interface WeChatBench {
  wx: WeChat;
  bot: TestApplication;
  oa: OfficialAccount;
  /** Somebody new, who follows the account. */
  follower(): Follower;
  stop(): Promise<void>;
}

export type BenchOptions = WeChatOptions & {
  environment?: Record<string, string>;
  account?: Partial<Parameters<WeChat['officialAccount']>[0]>;
};

/** The bot with an official account, and WeChat on the other side. Its five seconds are one second here. */
export async function startWeChatBench({ environment = {}, account = {}, ...options }: BenchOptions = {}): Promise<WeChatBench> {
  const wx = await startWeChat({ scale: 1 / 5, ...options });
  const { appId, ghId, secret, token, aesKey } = officialAccountCredentials;
  const bot = await startTestApplication({
    WECHAT_API_ORIGIN: wx.origin,
    WECHAT_OA_APP_ID: appId,
    WECHAT_OA_ID: ghId,
    WECHAT_OA_SECRET: secret,
    WECHAT_OA_TOKEN: token,
    WECHAT_OA_AES_KEY: aesKey,
    ...environment,
  });
  const callback = new URL(`http://127.0.0.1:${bot.port}/wechat/official-account`);
  const oa = wx.officialAccount({ ...officialAccountCredentials, callback, ...account });
  let people = 0;
  return {
    wx,
    bot,
    oa,
    follower: () => {
      people += 1;
      return oa.user(`oPerson-${people}`);
    },
    stop: async () => {
      await bot.stop();
      await wx.stop();
    },
  };
}
