/** Words in front, which all have four letters, so that no two rows of words read the same. */
const front = [
  ...'ashy blue calm dark even fair gold high iced jade keen late mild near open pale'.split(' '),
  ...'pink rare rich ripe rosy ruby soft sour tall tame teal tiny vast warm wild wise'.split(' '),
];
const doing = [
  ...'wandering glimmering drifting humming leaning roaming singing turning'.split(' '),
  ...'baking dancing fading gliding hiding itching jumping knitting'.split(' '),
  ...'laughing marching nodding painting quaking resting sailing tumbling'.split(' '),
  ...'waiting yawning zooming blinking climbing digging floating guessing'.split(' '),
];
const manner = 'aimlessly brightly quietly slowly happily gently boldly warmly'.split(' ');
const animals = [
  ...'donkey otter heron badger falcon walrus marmot gecko'.split(' '),
  ...'beaver condor dingo egret ferret gibbon hedgehog ibis'.split(' '),
  ...'jackal kiwi lemur magpie newt ocelot panda quail'.split(' '),
  ...'raccoon stork tapir urchin vole wombat yak zebra'.split(' '),
];

/** The id of a group: two words that come of a source's id, or a workspace's, alone. No two ids have the same. */
export function groupSlug(id: number): string {
  return `${word(id, doing)}_${manner[id % manner.length] ?? ''}`;
}

/** The id of an activation: two words that come of its two ids alone. No two pairs have the same. */
export function activationSlug(source: number, destination: number): string {
  return `${word(source, doing)}_${word(destination, animals)}`;
}

/** A number as a word with others in front of it. */
function word(number: number, last: readonly string[]): string {
  let text = last[number % last.length] ?? '';
  for (let rest = Math.floor(number / last.length); rest > 0; rest = Math.floor(rest / front.length)) {
    text = `${front[rest % front.length] ?? ''}${text}`;
  }
  return text;
}
