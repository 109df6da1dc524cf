import '../styles/admin.css';
import { render } from 'preact';
import { AdminModel } from '../state/admin/adminModel.ts';
import { readPageContext } from '../state/pageContext.ts';
import { tabStorage } from '../state/tabStorage.ts';
import { AdminPage } from '../views/admin/adminPage.tsx';
import { fill } from './slots.ts';
import { showThemeSwitch } from './themeSlot.tsx';

const context = readPageContext(window);
const model = new AdminModel(tabStorage());
showThemeSwitch(context);
render(<AdminPage context={context} model={model} />, fill('admin'));
model.start();
