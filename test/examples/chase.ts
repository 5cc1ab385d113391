import { connect } from 'realmkit/client';
import { tag, tagRules } from './tag.ts';

/** Enters the world and runs after somebody else until anybody has been caught. Answers with who it was. */
export async function chase(url: string) {
  const client = connect({ url });
  const match = await client.enter(tag, { rules: tagRules });
  const caught = await new Promise<string>((resolve) => {
    match.onView((view) => {
      const { me, players } = match.frame(); // what a scene draws in every picture: me at once, others smoothly
      for (const [id, { caught: times, x, y }] of Object.entries(players)) {
        if (times > 0) resolve(id);
        if (!me || id === match.player) continue;
        const isIt = view.shared.it === match.player;
        match.input(isIt ? { dx: Math.sign(Math.round(x - me.x)), dy: Math.sign(Math.round(y - me.y)) } : still);
      }
    });
  });
  await match.leave();
  client.close();
  return caught;
}

const still = { dx: 0, dy: 0 };
