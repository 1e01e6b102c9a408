import { useEffect, useRef, type ReactNode } from "react";
import { setTitle } from "../../api/desktop/native";

interface Props {
  title: string;
  back?: { href: string; label: string } | undefined;
  sub?: ReactNode;
  actions?: ReactNode;
  /** Stands between the title and the actions. */
  middle?: ReactNode;
  children: ReactNode;
}

/** The frame of a page: the way back, what it is, what can be done here. */
export function Page({ title, back, sub, actions, middle, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    setTitle(title);
  }, [title]);
  // A new page begins at its heading, for readers and for the keyboard; the
  // first page leaves the focus where the browser put it.
  useEffect(() => {
    const held = document.activeElement;
    if (!held || held === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <>
      <header className="top">
        <div className={middle ? "titles short" : "titles"}>
          {back && (
            <a className="back no-print" href={back.href}>
              {back.label}
            </a>
          )}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {sub && <div className="soft small">{sub}</div>}
        </div>
        {middle}
        {actions && <div className="buttons no-print">{actions}</div>}
      </header>
      {children}
    </>
  );
}
