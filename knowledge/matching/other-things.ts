/**
 * Things of everyday life and of other offices that none of the topics is about. Kinds of business are not among them: who runs
 * a driving school asks about its website without saying so; and so does who deals in one of these things.
 */
const things = new Set(
  `
  签证 签注 户口迁移 工作签 工作签证 户口本 落户 迁户 准迁证 出生证 出生证明 独生子女证 结婚证 离婚证 准生证 生育登记 单身证明 无犯罪证明
  亲属关系证明 公证书 老年证 老年卡 残疾证 低保 低保户 优待证 退伍证 港澳证 入台证
  驾照 驾驶证 行驶证 车牌 车牌号 摇号 车检 车险 交强险 违章 扣分 科目一 科目二 科目三 科目四 科一 科二 科三 科四 学车 驾考 电动车 摩托车
  新能源车 二手车 车贷 过户费 加油卡 etc卡 停车费 停车位 年审贴 网约车证 从业资格证 运输证 营运证 挂靠车
  学位证 学历认证 学籍 学信网 成绩单 准考证 四六级 国考 省考 事业编 教师资格 教师证 普通话证 初级会计 中级会计
  注会 建造师 监理证 造价师 消防证 健康证 上岗证 护士证 执业医师 律师证 导游证 电工证 焊工证 叉车证 特种作业 职称 软考 托福 雅思 留服
  高考 中考 志愿填报 学区 学区房 入学 转学 借读 积分入学 幼升小 小升初 补课 家教 助学贷款 奖学金 实习证明 三方协议 入党 积极分子
  公积金 养老金 退休金 养老保险 失业金 失业保险 工伤 生育津贴 产假 社保卡 医保卡 异地就医 报销单 住院 门诊 门诊号 专家号 挂号费 预约挂号 体检报告 疫苗
  核酸 处方 病历 拔牙 补牙 牙套 近视 配镜 手术 发烧 感冒 咳嗽 头疼 失眠 月经 怀孕 产检 建档立卡 大病救助 医疗费 医药费 救护车
  个税 个人所得税 专项附加扣除 汇算清缴 年终奖 报税 纳税 增值税 印花税 契税 税控盘 开票软件 完税证明 核定征收 出口退税 退税
  外观专利 版权登记 作品登记 条形码 条码 对公账户 对公户 基本户 银行开户 经营异常名录 股东会 清算组 税务注销
  公司起名 公司核名 公章刻制 代账 代理记账 做账 劳动仲裁 仲裁 工资 工资条 加班费 裁员 辞退 年假 五险一金 工伤认定 招聘会 面试 猎头 跳槽 兼职
  食品经营许可证 食品经营许可 食品许可证 食品证 卫生许可证 卫生许可 烟草证 烟草专卖 烟证 酒证 道路运输许可 排污许可证 排污许可 排污证 环评 消防验收 消防检查 消防备案 特种行业许可
  安许证 建筑资质 施工许可证 施工许可 规划许可证 采矿证 采砂证 林权证 土地证 宅基地 地契 兽药 农药证 种子许可 养殖证 防疫证 检疫证 屠宰证 户外广告 占道 门头审批 招牌审批
  有机认证 绿标 绿色食品 地理标志 iso认证 iso9001 3c认证 ccc认证 质检报告 检测报告 报关 报关单 清关 海关 原产地证 外汇 结汇 进出口权 跨境收款
  租房备案 租赁备案 房屋租赁备案 网签备案 合同备案 购房备案 装修备案 化妆品备案 兽医备案 异地就医备案 就医备案 生育备案 司机备案 车辆备案 收费备案 预付卡备案 施工备案 学籍备案 托管备案
  等保测评 高新认定 高新企业 专精特新 双软 招投标 保证金 中标
  房本 不动产证 不动产 产权证 买房 卖房 合租 房租 房东 房贷 房贷利率 首付 二手房 公租房 廉租房 经适房 物业费 维修基金 装修 装修队 家具 空调 洗衣机 冰箱
  热水器 电视机 马桶 下水道 水管 漏水 跳闸 水费 电费 水电费 燃气 燃气费 煤气 暖气 供暖 电梯 保洁 保姆 月嫂 钟点工 开锁 换锁
  信用卡 储蓄卡 工资卡 花呗 借呗 白条 微粒贷 利率 定期存款 炒股 开户佣金 黄金 金价 油价 汇率 保单 理赔 退保 重疾险 意外险
  零钱 余额宝 提现 红包 刷单 pos机 收款码 收钱码 借条 欠条 反诈 报案 派出所报案 立案 起诉 律师函 法院 开庭 判决书 执行款 老赖
  快递 快递单号 快递柜 驿站 包裹 包邮 顺丰 圆通 中通 申通 韵达 菜鸟 物流单号 寄件 取件码 外卖 骑手 饿了么 美团 打车 滴滴 顺风车 代驾 共享单车 地铁 公交 公交卡 高铁 高铁票 火车 火车票 12306 抢票
  机票 航班 值机 登机牌 行李 酒店 退房 景区 门票 演唱会 导航 堵车 限行 高速 过路费 年票
  天气 下雨 下雪 台风 降温 气温 穿什么 星座 属相 属什么 算命 八字 风水 黄历 老黄历 吉日 运势 塔罗 解梦
  早饭 早餐 午饭 午餐 晚饭 晚餐 夜宵 宵夜 火锅 烧烤 奶茶 咖啡 蛋糕 面包 饺子 包子 馒头 面条 米线 螺蛳粉 外卖单 菜谱 炒菜 红烧肉 排骨 鸡蛋 猪肉 牛肉 羊肉 海鲜 龙虾 水果 苹果树 草莓 西瓜 蔬菜 大棚
  白酒 啤酒 红酒 喝酒 戒烟 减肥 健身 健身卡 跑步 瑜伽 篮球 足球 世界杯 欧冠 nba 麻将 斗地主 象棋 钓鱼 广场舞
  电影 电影票 电视剧 综艺 追剧 歌词 唱歌 写诗 写首诗 一首诗 讲个笑话 笑话 段子 谜语 脑筋急转弯 周记 检讨书 情书 祝福语 朋友圈文案 翻译成 对联 藏头诗
  王者荣耀 原神 吃鸡 英雄联盟 抽卡 段位 steam 游戏账号 游戏号 网吧 迁区
  宠物 猫咪 小猫 猫粮 猫砂 猫砂盆 狗粮 狗证 养狗 遛狗 狗狗 绝育 驱虫 金鱼 鹦鹉 仓鼠 兽医 挖掘机 拖拉机 收割机 化肥 农药 猪瘟 养猪 养鸡 鱼塘 种地 补贴款 粮补 惠农卡
  相亲 彩礼 婚礼 婚纱照 婚庆 离婚 分手 失恋 脱单 追女生 婆媳 坐月子 奶粉 尿不湿 纸尿裤 早教 夜醒 辅食 育儿 丧事 墓地 殡葬
  打印机 复印机 扫描仪 墨盒 硒鼓 蓝屏 显卡 显示器 键盘 鼠标 耳机 充电器 充电宝 数据线 手机壳 换屏 碎屏 路由器 wifi 网线 投影仪 监控摄像头 u盘 固态硬盘 死机
  excel vlookup 数据透视表 ppt 幻灯片 photoshop 修图 剪辑 剪映 cad 思维导图 会议纪要 vpn 翻墙 梯子 chatgpt 豆包 文心一言
  python javascript vue react 爬虫 正则表达式 递归 排序算法 c语言 习题 数学题 应用题 英语作文 微积分 化学题
  话费 携号转网 宽带师傅 手机套餐 靓号 sim卡 补卡 实体卡 苹果手机 华为手机 小米手机 安卓手机 iphone appleid 申请护照 办护照 换护照 补护照 港澳签 迁户口 商标注册 注册商标 商标局 商标申请 租房子 租房补贴 icloud 锁屏密码 开机密码 wifi密码 银行卡密码 支付密码 qq号 qq密码 微信号 微信被封 朋友圈
  宣传册 展架 传单 易拉宝 logo设计 效果图 投流 豆荚 涨粉 刷粉 开屏广告 百度竞价 seo 关键词排名
  `
    .trim()
    .split(/\s+/),
);
/** Few pairs of characters begin a thing: the others are passed over without looking for longer ones. */
const beginnings = new Set([...things].map((thing) => thing.slice(0, 2)));
const longest = Math.max(...[...things].map((thing) => thing.length));
/** What the topics are about; a question that names any of it may be one of ours whatever else it names. */
const ours =
  /备案|网站|域名|icp|管局|通管|工信|接入|云|服务器|主机|ip|app|小程序|公众号|许可|经营性|edi|增值|网安|联网|主页|网址|网页|站点|建站|官网|幕布|主体|核验|授权码|服务码|解析|前置|cdn|上线|登记|居住证|执照|短信|个人站|小站|站里|的站|站名|页面|年报|电信牌照|负责人|法人|服务内容|初审|广告联盟/;

const dealingIn = /(?:卖|开|做|搞|经营|批发|销售|代理|代购|倒腾)[点些个了过着家间的]?$/;
const placeOrTrade = /^(?:小?店|铺|厂|馆|摊|行业|公司|批发|零售|专卖|生意|代购|贸易|电商|加工|种植|养殖|培训|中介|工作室|门市)/;

/** Whether a normalized question names a thing that is none of the topics' and nothing that is. */
export function isAboutOtherThing(question: string): boolean {
  let rest = '';
  let named = false;
  for (let at = 0; at < question.length; ) {
    const thing = thingAt(question, at);
    if (thing > 0 && !isDealtIn(question.slice(0, at), question.slice(at + thing))) named = true;
    rest += thing > 0 ? ' ' : question[at];
    at += Math.max(1, thing);
  }
  return named && !ours.test(rest);
}

/** Somebody's trade, by what stands before and behind the thing. */
function isDealtIn(before: string, behind: string): boolean {
  return dealingIn.test(before.slice(-3)) || placeOrTrade.test(behind);
}

/** Length of the longest thing named from here on, or 0. */
function thingAt(question: string, at: number): number {
  if (!beginnings.has(question.slice(at, at + 2))) return 0;
  for (let length = Math.min(longest, question.length - at); length > 1; length -= 1) {
    if (things.has(question.slice(at, at + length))) return length;
  }
  return 0;
}
