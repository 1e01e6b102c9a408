import { checkEveryScreen } from "../src/everyScreen.ts";
import { LOOKS } from "../src/looks.ts";

checkEveryScreen(LOOKS.filter((look) => look.language === "zh-CN"));
