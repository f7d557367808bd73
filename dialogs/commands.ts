import { essence } from '../knowledge/text/normalize.ts';

/** Words understood anywhere, when they are the whole message. */
export type Command = 'help' | 'person' | 'restart' | 'nothing-to-stop' | 'erase';

/** The command that the whole message is, or undefined. Spaces, punctuation, width and traditional characters do not matter. */
export function readCommand(text: string): Command | undefined {
  return byWording.get(essence(text).replace(politeEnds, ''));
}

const politeEnds = /^(请|麻烦|帮我|我想|我要)+|(谢谢|吧|啊|呀|呢|了|一下)+$/g;

const wordings: Record<Command, string> = {
  help: '帮助 菜单 主菜单 功能 使用说明 你能做什么 你会什么 你会做什么 能问什么 可以问什么 怎么用 怎么使用 help menu bangzhu caidan',
  person:
    '人工 转人工 人工客服 人工服务 转人工客服 转人工服务 真人 真人客服 客服 在线客服 找客服 联系客服 转客服 找人工 接人工 转接人工 ' +
    '叫人工 叫客服 要人工 找真人 找个真人 换人工 换真人 和人工说 跟人工说 和真人说话 人工在吗 有人工吗 有真人吗 有人吗 ' +
    '不要机器人 我不要机器人 转仁工 转人公 转任工 rengong zhuanrengong kefu zhaokefu rengongkefu zhuan人工 agent human',
  restart: '重新开始 从头开始 重来 重新来 重置 restart chongxinkaishi',
  'nothing-to-stop': '取消 上一步 返回 继续 退出 停止 结束 跳过 quxiao shangyibu jixu tuichu',
  erase:
    '删除我的信息 删除我的数据 删除我的资料 删除我的个人信息 清除我的信息 清除我的数据 清空我的信息 注销我的信息 ' +
    '删除聊天记录 清除聊天记录 清空聊天记录 删除记录 删除对话 把我的信息删掉 把我的信息删除 把我的资料删掉 shanchuwodexinxi',
};

const byWording = new Map(
  Object.entries(wordings).flatMap(([command, list]) =>
    list.split(' ').map((wording) => [essence(wording).replace(politeEnds, ''), command as Command] as const),
  ),
);
