// `npm run generate`: writes every generated file.
import { generateAll } from './generated.mjs';

console.log(`${await generateAll()} files generated.`);
