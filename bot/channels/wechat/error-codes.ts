/** What an `errcode` of the platform means for us. Its words change, and are only for the log. */
export type ErrorClass =
  /** The access token is not, or no longer, good: get another and ask again. */
  | 'token'
  /** Ask again in a moment. */
  | 'busy'
  /** Too often in a minute; and for today. */
  | 'rate'
  | 'daily-limit'
  | 'window-closed'
  | 'quota-used'
  | 'unreachable'
  /** Of customer service: the session is in a state in which we may not write. */
  | 'session'
  | 'content'
  | 'media'
  /** Rights, settings or addresses of the account: somebody has to look. */
  | 'account';

export type Family = 'official-account' | 'work';

/**
 * By family: official accounts at api.weixin.qq.com; WeCom and customer service at qyapi.weixin.qq.com, where 40001 is a wrong secret. From the
 * platform's lists of return codes (read 2026-11). What is in neither list is taken for a fault of content: trying again would not help.
 */
export const errorCodes: Record<Family, Partial<Record<ErrorClass, readonly number[]>>> = {
  'official-account': {
    token: [40001, 40014, 41001, 42001],
    busy: [-1],
    rate: [45011],
    'daily-limit': [45009],
    'window-closed': [45015],
    'quota-used': [45047],
    unreachable: [43004, 48002, 43019, 50002, 50005, 40003],
    media: [40004, 40005, 40006, 40007, 40009, 44001, 45001],
    account: [40013, 40125, 40164, 61004, 40243, 48001, 48004, 40200, 89503, 89506, 89507],
  },
  work: {
    token: [40014, 41001, 42001],
    busy: [-1, 45033],
    rate: [45009, 45011],
    'window-closed': [95002, 95013],
    'quota-used': [95001],
    unreachable: [40003, 40031, 40032, 40096, 81013, 82001],
    session: [95018],
    media: [40004, 40005, 40006, 40007, 40008, 40009, 40010, 40011],
    account: [
      40001, 40013, 40056, 40091, 41004, 48002, 50001, 50002, 60011, 60020, 81011, 95000, 95004, 95011, 95012, 95014, 95017, 301002,
    ],
  },
};

export function errorClassOf(family: Family, code: number): ErrorClass {
  const found = Object.entries(errorCodes[family]).find(([, listed]) => listed.includes(code));
  return (found?.[0] as ErrorClass | undefined) ?? 'content';
}
