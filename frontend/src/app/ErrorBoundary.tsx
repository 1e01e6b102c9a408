import { Component, type ReactNode } from "react";
import { useText } from "../components/text";
import { Button } from "../components/ui/Button";

function Broken({ detail }: { detail: string }) {
  const { t } = useText();
  return (
    <main className="plain">
      <h1>{t("app.broken")}</h1>
      <p className="read">{t("app.broken.safe")}</p>
      <p className="soft small">{detail}</p>
      <div className="buttons">
        <Button kind="primary" onPress={() => window.location.reload()}>
          {t("app.reload")}
        </Button>
      </div>
    </main>
  );
}

/** A fault of the page itself: says what is safe instead of a white page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { detail: string | null }> {
  override state: { detail: string | null } = { detail: null };

  static getDerivedStateFromError(thrown: unknown) {
    return { detail: thrown instanceof Error ? thrown.message : String(thrown) };
  }

  override render() {
    return this.state.detail === null ? this.props.children : <Broken detail={this.state.detail} />;
  }
}
