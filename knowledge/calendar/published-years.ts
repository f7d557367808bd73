import type { Day } from './days.ts';

/** The State Council's yearly notice that says which days are off and which weekends are worked. */
export interface Notice {
  title: string;
  /** 国办发明电〔2025〕7号 */
  number: string;
  published: Day;
  url: string;
}

/** One holiday of a notice. `name` is as customers call it; a make-up day is a weekend day that is worked in exchange. */
export interface Break {
  name: string;
  first: Day;
  last: Day;
  makeUpDays: readonly Day[];
}

export interface PublishedYear {
  year: number;
  notice: Notice;
  breaks: readonly Break[];
}

/**
 * The published work calendars of mainland China, as in the notices. The one for the next year appears in late October or
 * November: add it here, days in full, since a New Year break may begin in December. Years that are missing are estimated.
 */
export const publishedYears: readonly PublishedYear[] = [
  {
    year: 2024,
    notice: {
      title: '国务院办公厅关于2024年部分节假日安排的通知',
      number: '国办发明电〔2023〕7号',
      published: '2023-10-25',
      url: 'https://www.gov.cn/zhengce/zhengceku/202310/content_6911528.htm',
    },
    breaks: [
      // The notice gives this day and 端午节 "together with the weekend", without a range.
      { name: '元旦', first: '2024-01-01', last: '2024-01-01', makeUpDays: [] },
      { name: '春节', first: '2024-02-10', last: '2024-02-17', makeUpDays: ['2024-02-04', '2024-02-18'] },
      { name: '清明节', first: '2024-04-04', last: '2024-04-06', makeUpDays: ['2024-04-07'] },
      { name: '劳动节', first: '2024-05-01', last: '2024-05-05', makeUpDays: ['2024-04-28', '2024-05-11'] },
      { name: '端午节', first: '2024-06-10', last: '2024-06-10', makeUpDays: [] },
      { name: '中秋节', first: '2024-09-15', last: '2024-09-17', makeUpDays: ['2024-09-14'] },
      { name: '国庆节', first: '2024-10-01', last: '2024-10-07', makeUpDays: ['2024-09-29', '2024-10-12'] },
    ],
  },
  {
    year: 2025,
    notice: {
      title: '国务院办公厅关于2025年部分节假日安排的通知',
      number: '国办发明电〔2024〕12号',
      published: '2024-11-12',
      url: 'https://www.gov.cn/zhengce/content/202411/content_6986382.htm',
    },
    breaks: [
      { name: '元旦', first: '2025-01-01', last: '2025-01-01', makeUpDays: [] },
      { name: '春节', first: '2025-01-28', last: '2025-02-04', makeUpDays: ['2025-01-26', '2025-02-08'] },
      { name: '清明节', first: '2025-04-04', last: '2025-04-06', makeUpDays: [] },
      { name: '劳动节', first: '2025-05-01', last: '2025-05-05', makeUpDays: ['2025-04-27'] },
      { name: '端午节', first: '2025-05-31', last: '2025-06-02', makeUpDays: [] },
      { name: '国庆节和中秋节', first: '2025-10-01', last: '2025-10-08', makeUpDays: ['2025-09-28', '2025-10-11'] },
    ],
  },
  {
    year: 2026,
    notice: {
      title: '国务院办公厅关于2026年部分节假日安排的通知',
      number: '国办发明电〔2025〕7号',
      published: '2025-11-04',
      url: 'https://www.gov.cn/zhengce/content/202511/content_7047090.htm',
    },
    breaks: [
      { name: '元旦', first: '2026-01-01', last: '2026-01-03', makeUpDays: ['2026-01-04'] },
      { name: '春节', first: '2026-02-15', last: '2026-02-23', makeUpDays: ['2026-02-14', '2026-02-28'] },
      { name: '清明节', first: '2026-04-04', last: '2026-04-06', makeUpDays: [] },
      { name: '劳动节', first: '2026-05-01', last: '2026-05-05', makeUpDays: ['2026-05-09'] },
      { name: '端午节', first: '2026-06-19', last: '2026-06-21', makeUpDays: [] },
      { name: '中秋节', first: '2026-09-25', last: '2026-09-27', makeUpDays: [] },
      { name: '国庆节', first: '2026-10-01', last: '2026-10-07', makeUpDays: ['2026-09-20', '2026-10-10'] },
    ],
  },
];

/**
 * The rule behind the notices: which days are holidays, and that one on a weekend is made good on a workday. Since 2025-01-01
 * 除夕 and May 2 are holidays too (State Council Decree 795 of 2024-11-10).
 */
export const holidayRule = {
  title: '《全国年节及纪念日放假办法》（2024年修订）',
  number: '国令第795号',
  published: '2024-11-10',
} as const;
