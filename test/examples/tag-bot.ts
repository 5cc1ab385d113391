import { connect } from 'realmkit/client';
import { worldBot } from 'realmkit/protocol';
import { tag } from './tag.ts';

/** Runs after somebody else while it is its turn to. */
const chaser = worldBot(tag, ({ view, me, player }) => {
  const [other] = Object.keys(view.players).filter((id) => id !== player);
  const { x, y } = view.players[other ?? player] ?? me;
  if (view.shared.it !== player) return { dx: 0, dy: 0 };
  return { dx: Math.sign(Math.round(x - me.x)), dy: Math.sign(Math.round(y - me.y)) };
});

/** Plays until `stop`, over lost connections too. Answers with how often it was caught. */
export async function chaseAsBot(url: string, stop: AbortSignal) {
  const client = connect({ url });
  const match = await client.lobby.quick(tag);
  const bot = await chaser.enter(() => client.online(), { match, every: 2 });
  stop.addEventListener('abort', () => void bot.leave());
  await bot.done;
  client.close();
  return bot.view.me?.caught ?? 0;
}
