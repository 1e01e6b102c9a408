import { useSession } from "../../components/session";
import { useText } from "../../components/text";
import { LookSwitch } from "../../components/LookSwitch";
import { Page } from "../../components/ui/Page";
import type { Key } from "../../lib/messages";
import { href } from "../../lib/route";
import { EnrolSection } from "./EnrolSection";
import { PartnersSection } from "./PartnersSection";
import { PeopleSection } from "./PeopleSection";
import { SecretSection } from "./SecretSection";
import { StatusSection } from "./StatusSection";

const SECTIONS: readonly { name: string; label: Key; ability?: string }[] = [
  { name: "look", label: "settings.look" },
  { name: "people", label: "settings.people" },
  { name: "secret", label: "settings.secret" },
  { name: "partners", label: "settings.partners" },
  { name: "enrol", label: "settings.enrol", ability: "enrol" },
  { name: "status", label: "settings.status" },
];

function Section({ name }: { name: string }) {
  switch (name) {
    case "people":
      return <PeopleSection />;
    case "secret":
      return <SecretSection />;
    case "partners":
      return <PartnersSection />;
    case "enrol":
      return <EnrolSection />;
    case "status":
      return <StatusSection />;
    default:
      return <LookSwitch />;
  }
}

export function SettingsPage({ section = "look" }: { section?: string | undefined }) {
  const { t } = useText();
  const { may } = useSession();
  const shown = SECTIONS.filter((one) => !one.ability || may(one.ability));
  const current = shown.find((one) => one.name === section) ?? shown[0];
  return (
    <Page title={t("rail.settings")}>
      <nav aria-label={t("settings.label")}>
        <ul className="tabs">
          {shown.map((one) => (
            <li key={one.name}>
              <a href={href(["settings", one.name])} aria-current={one === current ? "page" : undefined}>
                {t(one.label)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div className="content narrow">{current && <Section key={current.name} name={current.name} />}</div>
    </Page>
  );
}
