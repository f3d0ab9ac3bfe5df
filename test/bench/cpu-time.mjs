// Preloaded: writes down how many milliseconds of the processor the process took, when it ends.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  writeFileSync(process.env.CPU_TIME_FILE, String((user + system) / 1000));
});
