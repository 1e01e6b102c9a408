import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps } from "react-aria-components";
import { Icon, type IconName } from "./Icon";

type Kind = "plain" | "primary" | "quiet";

const classOf = (kind: Kind) => (kind === "plain" ? "btn" : `btn ${kind}`);

interface Props extends Omit<ButtonProps, "className" | "children"> {
  kind?: Kind;
  icon?: IconName;
  children: ReactNode;
}

export function Button({ kind = "plain", icon, children, ...rest }: Props) {
  return (
    <AriaButton {...rest} className={classOf(kind)}>
      {icon && <Icon name={icon} />}
      {children}
    </AriaButton>
  );
}

/** Leads to another page; looks like a button, is a link. */
export function LinkButton({ kind = "plain", icon, href, children }: { kind?: Kind; icon?: IconName; href: string; children: ReactNode }) {
  return (
    <a className={classOf(kind)} href={href}>
      {icon && <Icon name={icon} />}
      {children}
    </a>
  );
}
