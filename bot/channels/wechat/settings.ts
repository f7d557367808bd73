import { z } from 'zod';
import { aesKeyOf } from './crypto.ts';
import type { WeChatSettings } from './wechat.ts';

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );

const callbackToken = z.string().regex(/^[0-9A-Za-z]{3,32}$/, 'write the Token of the callback page: 3 to 32 letters and digits');
const aesKey = z.string().transform((text, context) => {
  const key = aesKeyOf(text);
  if (key) return key;
  context.addIssue({ code: 'custom', message: 'write the EncodingAESKey of the callback page: 43 letters and digits' });
  return z.NEVER;
});
const tokens = list.pipe(z.array(callbackToken));
const aesKeys = list.pipe(z.array(aesKey));

const origin = (usual: string) =>
  z
    .url({ protocol: /^https?$/, error: `write an address such as ${usual}` })
    .transform((url) => new URL(url).origin)
    .refine((url) => url.startsWith('https:') || isOwnMachine(url), 'secrets go there: write an https address')
    .default(usual);

const corpId = z
  .string()
  .regex(/^w[0-9A-Za-z_-]{5,63}$/, 'write the corp id, which begins with ww')
  .optional();

/** One field per variable; those that an account needs are checked together. */
export const weChatVariables = {
  WECHAT_OA_APP_ID: z
    .string()
    .regex(/^wx[0-9a-f]{16}$/, 'write the AppID, which begins with wx and has 18 characters')
    .optional(),
  WECHAT_OA_ID: z
    .string()
    .regex(/^gh_[0-9A-Za-z_]{4,60}$/, 'write the original id of the account (原始ID), which begins with gh_')
    .optional(),
  WECHAT_OA_SECRET: z.string().optional(),
  WECHAT_OA_TOKEN: tokens,
  WECHAT_OA_AES_KEY: aesKeys,
  WECHAT_OA_MODE: z.enum(['secure', 'compatible', 'plaintext'], { error: 'write secure, compatible or plaintext' }).default('secure'),
  WECHAT_OA_VERIFIED: z.enum(['yes', 'no'], { error: 'write yes or no' }).default('yes'),
  WECOM_CORP_ID: corpId,
  WECOM_AGENT_ID: z
    .string()
    .regex(/^\d{1,10}$/, 'write the number of the app (AgentId)')
    .optional(),
  WECOM_SECRET: z.string().optional(),
  WECOM_TOKEN: tokens,
  WECOM_AES_KEY: aesKeys,
  WECHAT_KF_CORP_ID: corpId,
  WECHAT_KF_ACCOUNTS: list.pipe(
    z.array(z.string().regex(/^wk[0-9A-Za-z_-]{4,62}$/, 'write the ids of the accounts (open_kfid), which begin with wk')),
  ),
  WECHAT_KF_SECRET: z.string().optional(),
  WECHAT_KF_TOKEN: tokens,
  WECHAT_KF_AES_KEY: aesKeys,
  WECHAT_KF_AGENTS: z.enum(['desk', 'wechat'], { error: 'write desk or wechat' }).default('desk'),
  WECHAT_API_ORIGIN: origin('https://api.weixin.qq.com'),
  WECOM_API_ORIGIN: origin('https://qyapi.weixin.qq.com'),
};

/** Those of them that nobody else may know. */
export const weChatSecrets = [
  'WECHAT_OA_SECRET',
  'WECHAT_OA_TOKEN',
  'WECHAT_OA_AES_KEY',
  'WECOM_SECRET',
  'WECOM_TOKEN',
  'WECOM_AES_KEY',
  'WECHAT_KF_SECRET',
  'WECHAT_KF_TOKEN',
  'WECHAT_KF_AES_KEY',
] as const satisfies readonly (keyof typeof weChatVariables)[];

type Data = z.output<z.ZodObject<typeof weChatVariables>>;

const needed = {
  'official account': ['WECHAT_OA_APP_ID', 'WECHAT_OA_ID', 'WECHAT_OA_SECRET', 'WECHAT_OA_TOKEN', 'WECHAT_OA_AES_KEY'],
  'app in WeCom': ['WECOM_CORP_ID', 'WECOM_AGENT_ID', 'WECOM_SECRET', 'WECOM_TOKEN', 'WECOM_AES_KEY'],
  'customer service': ['WECHAT_KF_CORP_ID', 'WECHAT_KF_ACCOUNTS', 'WECHAT_KF_SECRET', 'WECHAT_KF_TOKEN', 'WECHAT_KF_AES_KEY'],
} as const satisfies Record<string, readonly (keyof Data)[]>;

/** Half an account is none: names what is missing. */
export function weChatFaults(data: Data): string[] {
  return Object.entries(needed).flatMap(([account, names]) => {
    const missing = names.filter((name) => !isSet(data[name]) && !(name === 'WECHAT_OA_AES_KEY' && data.WECHAT_OA_MODE === 'plaintext'));
    return missing.length === names.length || !names.some((name) => isSet(data[name]))
      ? []
      : missing.map((name) => `${name}: needed for the ${account}`);
  });
}

export function weChatSettings(data: Data): WeChatSettings {
  const { WECHAT_API_ORIGIN: origin, WECOM_API_ORIGIN: workOrigin } = data;
  return {
    officialAccount:
      data.WECHAT_OA_APP_ID && data.WECHAT_OA_ID && data.WECHAT_OA_SECRET
        ? {
            appId: data.WECHAT_OA_APP_ID,
            ghId: data.WECHAT_OA_ID,
            secret: data.WECHAT_OA_SECRET,
            tokens: data.WECHAT_OA_TOKEN,
            aesKeys: data.WECHAT_OA_AES_KEY,
            mode: data.WECHAT_OA_MODE,
            verified: data.WECHAT_OA_VERIFIED === 'yes',
            origin,
          }
        : undefined,
    wecom:
      data.WECOM_CORP_ID && data.WECOM_AGENT_ID && data.WECOM_SECRET
        ? {
            corpId: data.WECOM_CORP_ID,
            agentId: data.WECOM_AGENT_ID,
            secret: data.WECOM_SECRET,
            tokens: data.WECOM_TOKEN,
            aesKeys: data.WECOM_AES_KEY,
            origin: workOrigin,
          }
        : undefined,
    customerService:
      data.WECHAT_KF_CORP_ID && data.WECHAT_KF_SECRET
        ? {
            corpId: data.WECHAT_KF_CORP_ID,
            secret: data.WECHAT_KF_SECRET,
            tokens: data.WECHAT_KF_TOKEN,
            aesKeys: data.WECHAT_KF_AES_KEY,
            accounts: data.WECHAT_KF_ACCOUNTS,
            agents: data.WECHAT_KF_AGENTS,
            origin: workOrigin,
          }
        : undefined,
  };
}

function isSet(value: Data[keyof Data] | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

function isOwnMachine(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}
