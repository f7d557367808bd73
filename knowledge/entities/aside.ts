/** Words of people who speak about a name that they are asked for, rather than say it: 不知道填啥, 这个要写全称吗, 等下. */
export function isAside(typed: string): boolean {
  return (
    /[我你您]|啥|咋|什么|怎么|怎样|请问|多少|不知|不清楚|不确定|不记得|不懂|不想|不填|不给|不弄|不办|不发|算了|等下|等一下|等会|稍等|稍后|待定|回头|随便|谢谢|你好|没有|没想好|找不到|看不到|没看到|还没|身份证|要填|填写|这个|那个|改成|应该|搞错|填错|麻烦|烦死|知道了|可以吗|取消|跳过/u.test(
      typed,
    ) || /[吗呢吧啊呀哦嗯]$|^(?:同意|继续|好的?|可以|是的?|对的?|嗯+|无|暂无|一样|同上)$/u.test(typed)
  );
}

/** The same of names that may well have 我 or 这个 in them, as those of sites: 我爱读书, but not 还没想好. */
export function isUndecided(typed: string): boolean {
  return /不知道|不清楚|不确定|还没想|没想好|没有名|叫啥|叫什么|怎么|什么名|随便|等下|等一下|稍等|稍后|找不到|帮我|不想|算了|取消|跳过/u.test(
    typed,
  );
}
